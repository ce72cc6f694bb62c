// What it costs an isolate to start, in processor time: workerd with the bundle against workerd with an empty
// Worker. Wall time would measure the neighbours.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Trouble } from "../trouble.ts";

const rounds = 5;
const empty = "export default { fetch: () => new Response() };";

/** Milliseconds of processor time over an empty Worker, the least of some rounds; undefined where it cannot be measured. */
export async function startupCost(
  bundle: string,
  compatibilityDate: string,
  folder: string,
): Promise<number | undefined> {
  if (process.platform !== "linux") return undefined;
  const { default: workerd } = createRequire(import.meta.resolve("wrangler"))("workerd") as {
    default: string;
  };
  const whole = writeConfig(folder, "whole", readFileSync(bundle, "utf8"), compatibilityDate);
  const bare = writeConfig(folder, "bare", empty, compatibilityDate);
  let [least, leastBare] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    least = Math.min(least, await cpuUntilListening(workerd, whole));
    leastBare = Math.min(leastBare, await cpuUntilListening(workerd, bare));
  }
  return least - leastBare;
}

function writeConfig(folder: string, name: string, source: string, compatibilityDate: string): string {
  writeFileSync(join(folder, `${name}.js`), source);
  const config = join(folder, `${name}.capnp`);
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "${name}.js")],
  compatibilityDate = "${compatibilityDate}",
);
`,
  );
  return config;
}

async function cpuUntilListening(workerd: string, config: string): Promise<number> {
  const child = spawn(workerd, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk;
  });
  try {
    const listening = once(child.stdio[3] as NodeJS.ReadableStream, "data").then(() => true);
    const ended = once(child, "exit").then(() => false);
    if (!(await Promise.race([listening, ended])))
      throw new Trouble(`the bundle does not start:\n${complaint}`);
    return cpuMs(child.pid ?? 0);
  } finally {
    child.kill("SIGKILL");
  }
}

// The process's own counter ticks every 10 ms; the scheduler's counts nanoseconds, thread by thread.
function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map(
    (thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0],
  );
  return spent.reduce((sum, nanoseconds) => sum + Number(nanoseconds) / 1e6, 0);
}
