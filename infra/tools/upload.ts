// Uploads the built pages to a bucket: npm run upload -- FOLDER BUCKET.

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

/** Whether a file's name contains the hash of its content, by the rule of `is_hashed` in backend/src/http/pages.rs. */
export function isHashed(name: string): boolean {
  return /-[0-9a-f]{15,}(_bg)*\.[^/]*$/.test(name);
}

/** The names of the files to upload. Hashed files come first, so that no page refers to a missing file. */
export function files(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^\.|\.(br|gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length));
  return all.sort((a, b) => Number(isHashed(b)) - Number(isHashed(a)));
}

/** The content and the HTTP headers of a stored file. Compressed by brotli, which all supported browsers can read. */
export function storedFile(folder: string, name: string) {
  const original = join(folder, name);
  const compressed = `${original}.br`;
  const isCompressed = existsSync(compressed);
  return {
    Key: name,
    Body: readFileSync(isCompressed ? compressed : original),
    ContentType: TYPES[extname(name)] ?? "application/octet-stream",
    CacheControl: isHashed(name) ? "public, max-age=31536000, immutable" : "no-cache",
    ...(isCompressed && { ContentEncoding: "br" }),
  };
}

async function upload(folder: string, bucket: string) {
  const s3 = new S3Client();
  for (const name of files(folder)) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, ...storedFile(folder, name) }));
    console.log(name);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, bucket] = process.argv.slice(2);
  if (!folder || !bucket) {
    console.error(
      "error: FOLDER or BUCKET is missing; run npm run upload -- ../dist BUCKET, with the stack's output Pages",
    );
    process.exit(1);
  }
  await upload(folder, bucket);
}
