// What can be set, by `-c name=value` on the command line of cdk. README.md explains each.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Architecture } from "aws-cdk-lib/aws-lambda";

/** A context value that cannot be used, with what to do about it. */
export class BadSetting extends Error {}

export interface Settings {
  /** What the names of all things begin with. */
  prefix: string;
  /** Shards of the stream, or as many as it needs. */
  shards: number | "on-demand";
  /** How long the stream keeps events. */
  retentionHours: number;
  /** The folder with the processor's `bootstrap`. */
  processor: string;
  architecture: Architecture;
  /** Seconds that events are left to gather before the tables are written: what that costs falls as they grow. */
  gather: number;
  /** The server's container image; without one there is no server. */
  image: string | undefined;
  /** The list of CloudFront's addresses in this region, from which the server is reached. */
  originPrefixList: string | undefined;
  /** Servers that run. */
  count: number;
  /** A server's processor, in 1/1024 of one. */
  cpu: number;
  /** A server's memory in MB. */
  memory: number;
  /** The built pages, of which the policy for their scripts is made. */
  web: string;
  /** Cognito's page to sign in has this name, which must be nobody else's in the region. */
  loginName: string | undefined;
  /** Addresses besides the site's to which one may return after signing in. */
  callbacks: string[];
  /** The site's own name. */
  domain: Domain | undefined;
  /** Who is told of alarms. */
  mail: string | undefined;
  /** Whether deleting the stack deletes the data. */
  discard: boolean;
}

export interface Domain {
  name: string;
  zoneId: string;
  certificateArn: string;
}

const ARCHITECTURES = { x86_64: Architecture.X86_64, arm64: Architecture.ARM_64 };
const HOST = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

/** Reads the settings out of the context of a CDK app. */
export function readSettings(context: Record<string, unknown>): Settings {
  const read = new Reader(context);
  const settings: Settings = {
    prefix:
      read.text("prefix", /^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, "3 to 20 small letters, digits and hyphens") ??
      "alien-attack",
    shards: read.is("shards", "on-demand") ? "on-demand" : read.number("shards", 1, 1, 500, "on-demand or "),
    retentionHours: read.number("retention", 168, 24, 8760),
    processor:
      read.folder("processor", "bootstrap") ?? read.missing("processor", "the folder that `cargo xtask package` makes"),
    architecture: ARCHITECTURES[read.choice("architecture", ["x86_64", "arm64"])],
    gather: read.number("gather", 10, 0, 300),
    image: read.text("image", /^\S+$/, "the address of a container image"),
    originPrefixList: read.text("originPrefixList", /^pl-[0-9a-f]+$/, "the id of a prefix list, such as pl-0123abcd"),
    count: read.number("count", 2, 0, 100),
    cpu: Number(read.choice("cpu", ["512", "256", "1024", "2048", "4096", "8192", "16384"])),
    memory: read.number("memory", 1024, 512, 122880),
    web: read.text("web", /./, "a folder") ?? "../dist",
    loginName: read.text(
      "loginName",
      /^(?!.*(aws|amazon|cognito))[a-z0-9][a-z0-9-]{0,62}$/,
      "small letters, digits and hyphens, without aws, amazon or cognito",
    ),
    callbacks: read.addresses("callbacks", ["http://localhost:8080/account.html"]),
    domain: readDomain(read),
    mail: read.text("mail", /^[^@\s]+@[^@\s]+$/, "a mail address"),
    discard: read.choice("discard", ["false", "true"]) === "true",
  };
  if (settings.image && !settings.originPrefixList) {
    read.missing("originPrefixList", "CloudFront's list in this region; README.md says how to find it");
  }
  read.refuseUnknown();
  return settings;
}

/** All three belong together. */
function readDomain(read: Reader): Domain | undefined {
  const name = read.text("domain", HOST, "a host name such as play.example.com");
  const zoneId = read.text("zone", /^Z[A-Z0-9]+$/, "the id of a hosted zone in Route 53, such as Z0123456789ABC");
  const certificateArn = read.text(
    "certificate",
    /^arn:aws:acm:us-east-1:\d{12}:certificate\/.+$/,
    "the ARN of a certificate in us-east-1, where CloudFront looks for it",
  );
  if (!name && !zoneId && !certificateArn) return undefined;
  return {
    name: name ?? read.missing("domain", "the site's name, for zone and certificate"),
    zoneId: zoneId ?? read.missing("zone", "the id of the domain's hosted zone"),
    certificateArn: certificateArn ?? read.missing("certificate", "the ARN of the domain's certificate in us-east-1"),
  };
}

/** Reads values one by one, and knows which it was asked for. */
class Reader {
  private readonly known = new Set<string>();

  constructor(private readonly context: Record<string, unknown>) {}

  text(name: string, pattern: RegExp, what: string): string | undefined {
    const value = this.value(name);
    return value === undefined || pattern.test(value) ? value : this.bad(name, value, what);
  }

  number(name: string, standard: number, least: number, most: number, or = ""): number {
    const value = this.value(name) ?? String(standard);
    const number = Number(value);
    const fits = Number.isInteger(number) && number >= least && number <= most;
    return fits ? number : this.bad(name, value, `${or}a whole number from ${least} to ${most}`);
  }

  folder(name: string, file: string): string | undefined {
    const value = this.value(name);
    return value === undefined || existsSync(join(value, file))
      ? value
      : this.bad(name, value, `a folder with a file ${file}`);
  }

  addresses(name: string, standard: string[]): string[] {
    const addresses = this.value(name)?.split(",") ?? standard;
    const fits = (address: string) => /^https:\/\/\S+$|^http:\/\/localhost[:/]\S*$/.test(address);
    return addresses.every(fits)
      ? addresses
      : this.bad(name, addresses.join(), "https:// addresses, or http://localhost, with commas between");
  }

  is(name: string, wanted: string): boolean {
    return this.value(name) === wanted;
  }

  /** The first is the standard. */
  choice<T extends string>(name: string, all: [T, ...T[]]): T {
    const value = this.value(name) ?? all[0];
    return all.find((one) => one === value) ?? this.bad(name, value, all.join(" or "));
  }

  missing(name: string, what: string): never {
    throw new BadSetting(`${name} is missing: give -c ${name}=..., ${what}`);
  }

  /** What was mistyped must not be taken for what was left out. CDK's own names have a mark in them. */
  refuseUnknown() {
    const unknown = Object.keys(this.context).find((name) => /^\w+$/.test(name) && !this.known.has(name));
    if (unknown) throw new BadSetting(`there is no setting ${unknown}; there are ${[...this.known].sort().join(", ")}`);
  }

  private bad(name: string, value: string, what: string): never {
    throw new BadSetting(`${name}=${value} cannot be used: give -c ${name}=..., ${what}`);
  }

  private value(name: string): string | undefined {
    this.known.add(name);
    const value = this.context[name];
    return value === undefined ? undefined : String(value);
  }
}
