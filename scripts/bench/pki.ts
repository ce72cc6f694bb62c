// CPU of what devices make us compute, in the runtime they make us compute it in: `npm run bench:pki` (Linux).
// A bare workerd does the jobs; the kernel counts its CPU from outside, because its own clock stands still. Cold is
// the first job of a fresh isolate. Each figure is the lowest of several, less what an empty request costs.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readPem } from "../../src/pki/pem.ts";
import { readArguments } from "../arguments.ts";
import { acmeFiles } from "./acme-files.ts";

readArguments({
  name: "npm run bench:pki",
  does: "What the certificates of devices cost in processor time. Takes some minutes, on Linux.",
  options: {},
});

const root = new URL("../../", import.meta.url).pathname;
const fixtures = join(root, "test/fixtures/pki");
const bin = (name: string): string => join(root, "node_modules/.bin", name);
// The program itself, not the script that starts it: its threads are the ones to count.
const workerd = createRequire(join(root, "package.json"))("workerd").default as string;
const folder = mkdtempSync(join(tmpdir(), "edgemdm-bench-"));

const files = Object.fromEntries(
  readdirSync(fixtures)
    .filter((name) => /\.(key|cert|csr|cms)\.pem$/.test(name))
    .map((name) => {
      const [block] = readPem(readFileSync(join(fixtures, name), "utf8"));
      return [name.replace(/\.pem$/, ""), Buffer.from(block?.der ?? []).toString("base64")];
    }),
);
Object.assign(files, await acmeFiles());
files.body = readFileSync(join(fixtures, "body.plist")).toString("base64");

function build(): void {
  const main = join(root, "scripts/bench/pki-worker.ts");
  const config = { name: "bench", main, compatibility_date: "2026-10-01", minify: true };
  writeFileSync(join(folder, "wrangler.json"), JSON.stringify(config));
  execFileSync(
    bin("wrangler"),
    ["deploy", "-c", join(folder, "wrangler.json"), "--dry-run", "--outdir", folder],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .bench)],
  sockets = [(name = "http", http = (), service = "main")]);
const bench :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "pki-worker.js")],
  compatibilityDate = "2026-10-01");
`,
  );
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** Nanoseconds of CPU that all threads of a process have had. */
const cpuOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]))
    .reduce((sum, part) => sum + part, 0);

type Bench = { jobs: string[]; run(job: string, times: number): Promise<number>; stop(): void };

// At most two at a time, and none is left if the reader of the figures ends early.
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill();
});

async function start(): Promise<Bench> {
  const port = await freePort();
  const args = ["serve", join(folder, "config.capnp"), `--socket-addr=http=127.0.0.1:${port}`];
  const child = spawn(workerd, args, { stdio: "inherit" });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const pid = child.pid ?? 0;
  const origin = `http://127.0.0.1:${port}`;
  const load = () => fetch(origin, { method: "POST", body: JSON.stringify(files) });
  for (let tries = 0; ; tries++) {
    const answer = await load().catch(() => undefined);
    if (answer) {
      const jobs = (await answer.json()) as string[];
      return { jobs, run: (job, times) => measure(origin, pid, job, times), stop: () => child.kill() };
    }
    if (tries > 100) throw new Error("workerd did not start");
    await setTimeout(50);
  }
}

async function measure(origin: string, pid: number, job: string, times: number): Promise<number> {
  const before = cpuOf(pid);
  const answer = await fetch(`${origin}/${encodeURIComponent(job)}?times=${times}`);
  await answer.text();
  if (!answer.ok) throw new Error(`${job}: ${answer.status}`);
  return (cpuOf(pid) - before) / 1000;
}

async function lowest(rounds: number, run: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) least = Math.min(least, await run());
  return least;
}

async function cold(job: string): Promise<number> {
  const bench = await start();
  await bench.run("nothing", 1);
  const empty = await lowest(5, () => bench.run("nothing", 1));
  const first = await bench.run(job, 1);
  bench.stop();
  return Math.max(0, first - empty);
}

try {
  build();
  const bench = await start();
  for (const job of bench.jobs.slice(1)) {
    await bench.run(job, 300);
    const warm = (await lowest(7, () => bench.run(job, 100))) / 100;
    const first = await lowest(4, () => cold(job));
    console.log(`${job}: ${warm.toFixed(0)} us warm, ${first.toFixed(0)} us cold`);
  }
  bench.stop();
} finally {
  rmSync(folder, { recursive: true });
}
