// The same bytes through a Worker that does nothing with them, in the same kind of local bucket.
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorker } from "../../start/local-worker.ts";
import { freePort, readStartOptions } from "../../start/options.ts";
import { Trouble } from "../../trouble.ts";
import { MemoryWatch } from "../memory-watch.ts";

/** As the server and its command line do it. */
const partBytes = 5 * 1024 * 1024;
const partsAtOnce = 4;

export type Compared = { before: number; uploading: number; after: number[] };

export async function compare(
  project: string,
  folder: string,
  { file, size, digest, downloads }: { file: string; size: number; digest: string; downloads: number },
): Promise<Compared> {
  const worker = await startBare(project, folder);
  const memory = new MemoryWatch(worker.pid, folder);
  const before = memory.now();
  await upload(worker.origin, file, size);
  const uploading = memory.peak();
  const after: number[] = [];
  for (let time = 1; time <= downloads; time++) {
    await download(worker.origin, digest);
    after.push(memory.now());
  }
  memory.end();
  return { before, uploading, after };
}

async function startBare(project: string, folder: string): Promise<LocalWorker> {
  const config = join(folder, "bare.json");
  const bucket = { binding: "PACKAGES", bucket_name: "bare" };
  writeFileSync(
    config,
    JSON.stringify({
      name: "bare",
      main: join(import.meta.dirname, "bare-worker.js"),
      compatibility_date: "2026-01-01",
      r2_buckets: [bucket],
    }),
  );
  const wished = readStartOptions(["--port", "0", "--persist-to", join(folder, "bare-state")], project);
  const worker = new LocalWorker(
    project,
    { ...wished, port: await freePort(wished) },
    { variables: {}, config },
  );
  await worker.ready();
  worker.forwardOutput({ held: "dropped" });
  return worker;
}

async function upload(origin: string, file: string, size: number): Promise<void> {
  const { uploadId } = (await (await fetch(`${origin}/begin`)).json()) as { uploadId: string };
  const handle = openSync(file, "r");
  const left = Array.from({ length: Math.ceil(size / partBytes) }, (_, at) => at);
  const parts: object[] = [];
  const send = async (): Promise<void> => {
    for (let at = left.shift(); at !== undefined; at = left.shift()) {
      const bytes = new Uint8Array(Math.min(partBytes, size - at * partBytes));
      readSync(handle, bytes, 0, bytes.length, at * partBytes);
      const url = `${origin}/part?upload=${encodeURIComponent(uploadId)}&part=${at + 1}`;
      parts[at] = (await (await fetch(url, { method: "PUT", body: bytes })).json()) as object;
    }
  };
  await Promise.all(Array.from({ length: partsAtOnce }, send));
  closeSync(handle);
  const url = `${origin}/complete?upload=${encodeURIComponent(uploadId)}`;
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(parts) });
  if (!answer.ok) throw new Trouble(`the bare Worker answered ${answer.status}: ${await answer.text()}`);
}

async function download(origin: string, digest: string): Promise<void> {
  const hash = createHash("sha256");
  const answer = await fetch(`${origin}/`);
  for await (const bytes of answer.body ?? []) hash.update(bytes);
  if (hash.digest("hex") !== digest) throw new Trouble("the bare Worker gave other bytes");
}
