// Uploads the built pages: npm run upload -- FOLDER BUCKET.

import { readdirSync, readFileSync, existsSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Named by the hash of its content, as `is_hashed` in backend/src/http/pages.rs has it: it never changes. */
export function isHashed(name: string): boolean {
  return /-[0-9a-f]{15,}(_bg)*\.[^/]*$/.test(name);
}

/** The pages' files: first what they name, then the pages, so that none names what is not there yet. */
export function files(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^\.|\.(br|gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length));
  return all.sort((a, b) => Number(isHashed(b)) - Number(isHashed(a)));
}

/** What is stored, and what CloudFront says of it. Whoever can play reads brotli, so nothing else is kept. */
export function stored(folder: string, name: string) {
  const whole = join(folder, name);
  const small = `${whole}.br`;
  const compressed = existsSync(small);
  return {
    Key: name,
    Body: readFileSync(compressed ? small : whole),
    ContentType: TYPES[extname(name)] ?? "application/octet-stream",
    CacheControl: isHashed(name) ? "public, max-age=31536000, immutable" : "no-cache",
    ...(compressed && { ContentEncoding: "br" }),
  };
}

async function upload(folder: string, bucket: string) {
  const s3 = new S3Client();
  for (const name of files(folder)) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, ...stored(folder, name) }));
    console.log(name);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, bucket] = process.argv.slice(2);
  if (!folder || !bucket) {
    console.error("error: npm run upload -- FOLDER BUCKET, such as ../dist and the stack's output Pages");
    process.exit(1);
  }
  await upload(folder, bucket);
}
