// `npm run drill:package -- [--megabytes 300]`: a large package is uploaded by the command line, which is killed on the
// way and called again, and a device downloads it. The memory of workerd must not grow with each download, and every byte must
// arrive. A Worker that does nothing with the same bytes shows what of the memory is the local bucket's.
import { createHash, randomBytes } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { fromBase64 } from "../../src/base/bytes.ts";
import { manifestLink } from "../../src/packages/link-addresses.ts";
import { sealKeys } from "../../src/pki/seal.ts";
import { appleDevice } from "../../test/support/apple-device.ts";
import { testProduct } from "../../test/support/package-files/product.ts";
import { readArguments } from "../arguments.ts";
import { ensureAuthority } from "../authority.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { startNode } from "../children.ts";
import { migrate, withLocalDatabase } from "../local-database.ts";
import { makeSecret } from "../secrets.ts";
import { localConfig } from "../start/local-config.ts";
import { LocalWorker } from "../start/local-worker.ts";
import { freePort, readStartOptions } from "../start/options.ts";
import { Trouble } from "../trouble.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { compare } from "./package/compare.ts";
import { stopwatch } from "./waiting.ts";

const { megabytes } = readArguments({
  name: "npm run drill:package",
  does: "A large package is uploaded and downloaded, and the memory of workerd is measured.",
  options: { megabytes: { takes: "N", help: "how large it is", otherwise: "300" } },
});
const size = Number(megabytes) * 1_000_000;
const downloads = 3;
const project = resolve(import.meta.dirname, "../..");
/** From one download to the next. What the first ones take, the local bucket with its copies among it, is only printed. */
const mostGrowthMiB = 64;

await runInFolder("package", drill);

async function drill(folder: string): Promise<void> {
  const secrets = { MASTER_KEY: makeSecret("MASTER_KEY"), ADMIN_TOKEN: makeSecret("ADMIN_TOKEN") };
  const worker = await startWorker(folder, secrets);
  const call = { origin: worker.origin, token: secrets.ADMIN_TOKEN };
  const device = await enroll(call);
  const file = join(folder, "large.pkg");
  const digest = await writePackage(file);
  const small = join(folder, "small.pkg");
  writeAll(small, await testProduct());
  // What is loaded at the first use is no growth.
  await upload(call, small);
  const memory = new MemoryWatch(worker.pid, folder);
  console.log(`${megabytes} MB; workerd has ${memory.start.toFixed(0)} MiB before it`);

  const uploading = stopwatch();
  const interrupted = upload(call, file, { killAfterMs: Math.min(2_000, Number(megabytes) * 4) });
  console.log(
    `the upload was killed: ${await interrupted.then(
      () => "too late",
      () => "on its way",
    )}`,
  );
  await upload(call, file);
  console.log(`uploaded in ${uploading()} s; workerd had ${memory.peak().toFixed(0)} MiB at most`);

  memory.again();
  const downloading = stopwatch();
  const url = await fileAddress(call, secrets, device.id);
  const after: number[] = [];
  for (let time = 1; time <= downloads; time++) {
    await download(url, digest);
    after.push(memory.now());
    console.log(`download ${time}: ${downloading()} s; workerd has ${memory.now().toFixed(0)} MiB`);
  }
  await resumed(url);
  console.log(`and the second half once more; workerd had ${memory.peak().toFixed(0)} MiB at most`);
  memory.end();
  const bare = await compare(project, folder, { file, size, digest, downloads });
  const rounded = bare.after.map((mib) => mib.toFixed(0)).join(", ");
  console.log(
    `in comparison, a Worker that does nothing with the bytes: ${bare.before.toFixed(0)} MiB before it, ${bare.uploading.toFixed(0)} at most while uploading, ${rounded} after the downloads`,
  );
  console.log(`workerd grew by ${(memory.most - memory.start).toFixed(0)} MiB at most`);
  const growth = (after.at(-1) ?? 0) - (after.at(-2) ?? 0);
  if (growth > mostGrowthMiB)
    throw new Trouble(`workerd grew by ${growth.toFixed(0)} MiB with one more download`);
}

async function startWorker(folder: string, secrets: Record<string, string>): Promise<LocalWorker> {
  const wished = readStartOptions(["--port", "0", "--persist-to", join(folder, "state")], project);
  const options = { ...wished, port: await freePort(wished) };
  await withLocalDatabase(project, options.state, (db) => migrate(db, project, options.state));
  const origin = `http://localhost:${options.port}`;
  const variables = { ...secrets, PUBLIC_URL: origin };
  const worker = new LocalWorker(project, options, { variables, config: localConfig(project) });
  await worker.ready();
  worker.forwardOutput({ held: "dropped" });
  await ensureAuthority((path, input) =>
    worker.request(path, { token: secrets.ADMIN_TOKEN ?? "", ...input }),
  );
  return worker;
}

type Call = { origin: string; token: string };

async function enroll({ origin, token }: Call): Promise<{ id: string }> {
  const answer = await fetch(`${origin}/api/v1/enrollment/profile?signed=false`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Trouble(`no profile: ${answer.status} ${await answer.text()}`);
  const device = appleDevice("mac", { transport: (request) => fetch(request), requireHttps: false });
  await device.enroll({ profile: new Uint8Array(await answer.arrayBuffer()) });
  return device;
}

/** A product, and random bytes behind all that it names. Its hash. */
async function writePackage(file: string): Promise<string> {
  const hash = createHash("sha256");
  const handle = openSync(file, "w");
  const product = await testProduct({ version: "2.0" });
  for (let left = size, piece = product; left > 0; piece = randomBytes(Math.min(left, 1_000_000))) {
    writeSync(handle, piece);
    hash.update(piece);
    left -= piece.length;
  }
  closeSync(handle);
  return hash.digest("hex");
}

function writeAll(file: string, bytes: Uint8Array): void {
  const handle = openSync(file, "w");
  writeSync(handle, bytes);
  closeSync(handle);
}

async function upload(
  { origin, token }: Call,
  file: string,
  { killAfterMs }: { killAfterMs?: number } = {},
): Promise<void> {
  const child = startNode(["scripts/edgemdm.mjs", "packages", "upload", file, "--json", "--url", origin], {
    cwd: project,
    env: { ...process.env, EDGEMDM_TOKEN: token, EDGEMDM_URL: origin },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number>((done) => child.once("close", (code) => done(code ?? 1)));
  if (killAfterMs !== undefined) void delay(killAfterMs).then(() => child.kill("SIGKILL"));
  const [said, complaint, code] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    ended,
  ]);
  if (code !== 0) throw new Trouble(`the upload ended with ${code}: ${complaint}${said}`);
}

/** By the manifest, as a device finds it. */
async function fileAddress(
  { origin }: Call,
  secrets: { MASTER_KEY: string },
  device: string,
): Promise<string> {
  const keys = await sealKeys(fromBase64(secrets.MASTER_KEY) ?? new Uint8Array());
  const link = await manifestLink(keys, { name: "large", device, now: Date.now() });
  const answer = await fetch(origin + link);
  const manifest = await answer.text();
  const address = /<key>url<\/key>\s*<string>([^<]+)</.exec(manifest)?.[1];
  if (!answer.ok || address === undefined) throw new Trouble(`no manifest: ${answer.status} ${manifest}`);
  return address.replaceAll("&amp;", "&");
}

async function download(url: string, digest: string): Promise<void> {
  const answer = await fetch(url);
  const hash = createHash("sha256");
  let length = 0;
  for await (const bytes of answer.body ?? []) {
    hash.update(bytes);
    length += bytes.length;
  }
  if (answer.status !== 200 || length !== size || hash.digest("hex") !== digest)
    throw new Trouble(`${answer.status}: ${length} of ${size} bytes came, or other ones`);
}

/** The second half, as after an interruption. */
async function resumed(url: string): Promise<void> {
  const head = await fetch(url, { method: "HEAD" });
  const etag = head.headers.get("etag") ?? "";
  const from = Math.floor(size / 2);
  const answer = await fetch(url, { headers: { Range: `bytes=${from}-`, "If-Range": etag } });
  let length = 0;
  for await (const bytes of answer.body ?? []) length += bytes.length;
  const told = answer.headers.get("content-range");
  if (answer.status !== 206 || length !== size - from || told !== `bytes ${from}-${size - 1}/${size}`)
    throw new Trouble(`the rest came with ${answer.status}, ${told}, ${length} bytes`);
  if (head.headers.get("content-length") !== String(size))
    throw new Trouble(`HEAD told ${head.headers.get("content-length")} bytes`);
}
