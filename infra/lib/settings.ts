// The settings of the stack, given to cdk as `-c name=value`. README.md has their reference.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Architecture } from "aws-cdk-lib/aws-lambda";

/** A setting is missing or invalid. The message says which value to set. */
export class BadSetting extends Error {}

/** The settings of the stack, checked. */
export interface Settings {
  /** The start of all resource names, and the name of the stack. */
  prefix: string;
  /** The number of shards of the stream. With `on-demand`, Kinesis adapts it to the load. */
  shards: number | "on-demand";
  /** The time that the stream keeps records, in hours. */
  retentionHours: number;
  /** The folder with the processor's program `bootstrap`. */
  processor: string;
  /** The processor architecture of the function and of the servers. */
  architecture: Architecture;
  /** The time between two writes of the tables, in seconds. A longer time costs less, and delays standings. */
  flushIntervalSeconds: number;
  /** The address of the servers' container image. Undefined if the stack has no servers. */
  image: string | undefined;
  /** The ID of the prefix list with CloudFront's addresses in the region. */
  originPrefixList: string | undefined;
  /** The number of servers. */
  count: number;
  /** The CPU of each server, in units of 1/1024 vCPU. */
  cpu: number;
  /** The memory of each server, in MiB. */
  memory: number;
  /** The folder with the built pages. The content security policy has the hashes of their inline scripts. */
  web: string;
  /** The subdomain of Cognito's sign-in page. It must be unique in the region. */
  loginName: string | undefined;
  /** The addresses, in addition to the site's, to which Cognito may redirect after sign-in. */
  callbacks: string[];
  /** The domain of the site. Undefined if the site uses CloudFront's domain. */
  domain: Domain | undefined;
  /** The mail address that receives alarms. */
  mail: string | undefined;
  /** Whether the deletion of the stack deletes the data. */
  discard: boolean;
}

/** A domain in Route 53 and its certificate. */
export interface Domain {
  name: string;
  zoneId: string;
  certificateArn: string;
}

const ARCHITECTURES = { x86_64: Architecture.X86_64, arm64: Architecture.ARM_64 };
const HOST = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

/** Reads the settings from the context of a CDK app. Throws a BadSetting if one is missing, invalid or unknown. */
export function readSettings(context: Record<string, unknown>): Settings {
  const read = new Reader(context);
  const settings: Settings = {
    prefix:
      read.text("prefix", /^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, "3 to 20 lowercase letters, digits and hyphens") ??
      "alien-attack",
    shards: read.is("shards", "on-demand") ? "on-demand" : read.number("shards", 1, 1, 500, "on-demand or "),
    retentionHours: read.number("retention", 168, 24, 8760),
    processor:
      read.folder("processor", "bootstrap") ??
      read.missing("processor", "the folder that `cargo xtask package` prints"),
    architecture: ARCHITECTURES[read.choice("architecture", ["x86_64", "arm64"])],
    flushIntervalSeconds: read.number("flushInterval", 10, 0, 300),
    image: read.text("image", /^\S+$/, "the address of a container image"),
    originPrefixList: read.text(
      "originPrefixList",
      /^pl-[0-9a-f]+$/,
      "the ID of a prefix list, for example pl-0123abcd",
    ),
    count: read.number("count", 2, 0, 100),
    cpu: Number(read.choice("cpu", ["512", "256", "1024", "2048", "4096", "8192", "16384"])),
    memory: read.number("memory", 1024, 512, 122880),
    web: read.text("web", /./, "a folder") ?? "../dist",
    loginName: read.text(
      "loginName",
      /^(?!.*(aws|amazon|cognito))[a-z0-9][a-z0-9-]{0,62}$/,
      "lowercase letters, digits and hyphens, without the words aws, amazon and cognito",
    ),
    callbacks: read.addresses("callbacks", ["http://localhost:8080/account.html"]),
    domain: readDomain(read),
    mail: read.text("mail", /^[^@\s]+@[^@\s]+$/, "a mail address"),
    discard: read.choice("discard", ["false", "true"]) === "true",
  };
  if (settings.image && !settings.originPrefixList) {
    read.missing(
      "originPrefixList",
      "the ID of the prefix list with CloudFront's addresses; README.md has the command that finds it",
    );
  }
  read.rejectUnknown();
  return settings;
}

/** Reads domain, zone and certificate. Either all or none of them must be set. */
function readDomain(read: Reader): Domain | undefined {
  const name = read.text("domain", HOST, "a domain, for example play.example.com");
  const zoneId = read.text("zone", /^Z[A-Z0-9]+$/, "the ID of a hosted zone in Route 53, for example Z0123456789ABC");
  const certificateArn = read.text(
    "certificate",
    /^arn:aws:acm:us-east-1:\d{12}:certificate\/.+$/,
    "the ARN of a certificate in us-east-1, as CloudFront requires",
  );
  if (!name && !zoneId && !certificateArn) return undefined;
  return {
    name: name ?? read.missing("domain", "the domain of the site, which zone and certificate belong to"),
    zoneId: zoneId ?? read.missing("zone", "the ID of the domain's hosted zone"),
    certificateArn: certificateArn ?? read.missing("certificate", "the ARN of the domain's certificate in us-east-1"),
  };
}

/** Reads and checks values. Remembers the names that it has read, so that it can find unknown ones. */
class Reader {
  private readonly known = new Set<string>();

  constructor(private readonly context: Record<string, unknown>) {}

  text(name: string, pattern: RegExp, what: string): string | undefined {
    const value = this.value(name);
    return value === undefined || pattern.test(value) ? value : this.invalid(name, value, what);
  }

  number(name: string, fallback: number, min: number, max: number, alternative = ""): number {
    const value = this.value(name) ?? String(fallback);
    const number = Number(value);
    const fits = Number.isInteger(number) && number >= min && number <= max;
    return fits ? number : this.invalid(name, value, `${alternative}a whole number from ${min} to ${max}`);
  }

  folder(name: string, file: string): string | undefined {
    const value = this.value(name);
    return value === undefined || existsSync(join(value, file))
      ? value
      : this.invalid(name, value, `a folder with the file ${file}`);
  }

  addresses(name: string, fallback: string[]): string[] {
    const addresses = this.value(name)?.split(",") ?? fallback;
    const fits = (address: string) => /^https:\/\/\S+$|^http:\/\/localhost[:/]\S*$/.test(address);
    return addresses.every(fits)
      ? addresses
      : this.invalid(
          name,
          addresses.join(),
          "addresses that start with https:// or http://localhost, separated by commas",
        );
  }

  is(name: string, expected: string): boolean {
    return this.value(name) === expected;
  }

  /** The first of `all` is the default. */
  choice<T extends string>(name: string, all: [T, ...T[]]): T {
    const value = this.value(name) ?? all[0];
    return all.find((one) => one === value) ?? this.invalid(name, value, all.join(" or "));
  }

  missing(name: string, what: string): never {
    throw new BadSetting(`${name} is missing; set -c ${name}=VALUE to ${what}`);
  }

  /** Rejects misspelt names. Ignores CDK's own names, which contain a colon, a slash or a hyphen. */
  rejectUnknown() {
    const unknown = Object.keys(this.context).find((name) => /^\w+$/.test(name) && !this.known.has(name));
    if (unknown)
      throw new BadSetting(`unknown setting ${unknown}; the settings are ${[...this.known].sort().join(", ")}`);
  }

  private invalid(name: string, value: string, what: string): never {
    throw new BadSetting(`${name}=${value} is invalid; set -c ${name}=VALUE to ${what}`);
  }

  private value(name: string): string | undefined {
    this.known.add(name);
    const value = this.context[name];
    return value === undefined ? undefined : String(value);
  }
}
