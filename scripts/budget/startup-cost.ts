// What it costs an isolate to start, in processor time: workerd with the bundle against workerd with an empty
// Worker. Wall time would measure the neighbours.
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configOf } from "../bare/config.ts";
import { Workerd } from "../bare/workerd.ts";
import { canMeasure, cpuMs } from "../process-figures.ts";

const rounds = 9;
const empty = "export default { fetch: () => new Response() };";

/** Milliseconds of processor time over an empty Worker, the least of some rounds; undefined where it cannot be measured. */
export async function startupCost(
  bundle: string,
  compatibilityDate: string,
  folder: string,
): Promise<number | undefined> {
  if (!canMeasure) return undefined;
  copyFileSync(bundle, join(folder, "whole.js"));
  writeFileSync(join(folder, "empty.js"), empty);
  const cost = (name: string): Promise<number> => cpuUntilListening(name, compatibilityDate, folder);
  let [least, leastEmpty] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    least = Math.min(least, await cost("whole"));
    leastEmpty = Math.min(leastEmpty, await cost("empty"));
  }
  return least - leastEmpty;
}

async function cpuUntilListening(name: string, compatibilityDate: string, folder: string): Promise<number> {
  const config = join(folder, `${name}.capnp`);
  writeFileSync(config, configOf([{ name, module: join(folder, `${name}.js`) }], folder, compatibilityDate));
  const workerd = await Workerd.start(config, { sockets: { [name]: 0 } });
  const cost = cpuMs(workerd.pid);
  await workerd.kill();
  return cost;
}
