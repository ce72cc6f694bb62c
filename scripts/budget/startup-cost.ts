// What it costs an isolate to start, in processor time: workerd with the Worker against workerd with an empty one. Wall
// time would measure the neighbours, and milliseconds the machine.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configOf, type WorkerPlan } from "../bare/config.ts";
import { edgemdmPlan } from "../bare/plan.ts";
import { Workerd } from "../bare/workerd.ts";
import { canMeasure, cpuMs } from "../process-figures.ts";

/** The least of so many: fewer let a busy neighbour count. */
const rounds = 17;
const empty = "export default { fetch: () => new Response() };";

/** How many times what an empty Worker takes, the least of some rounds each; undefined where it cannot be measured. */
export async function startupCost(
  bundle: string,
  compatibilityDate: string,
  folder: string,
): Promise<number | undefined> {
  if (!canMeasure) return undefined;
  const ours = edgemdmPlan(join(folder, "edgemdm.js"));
  const none: WorkerPlan = { name: "empty", module: join(folder, "empty.js") };
  copyFileSync(bundle, ours.module);
  writeFileSync(none.module, empty);
  mkdirSync(join(folder, "state"));
  const cost = (plan: WorkerPlan): Promise<number> => cpuUntilListening(plan, compatibilityDate, folder);
  let [least, leastEmpty] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    least = Math.min(least, await cost(ours));
    leastEmpty = Math.min(leastEmpty, await cost(none));
  }
  return least / leastEmpty;
}

async function cpuUntilListening(
  plan: WorkerPlan,
  compatibilityDate: string,
  folder: string,
): Promise<number> {
  const config = join(folder, `${plan.name}.capnp`);
  writeFileSync(config, configOf([plan], join(folder, "state"), compatibilityDate));
  const workerd = await Workerd.start(config, {
    sockets: { [plan.name]: 0 },
    // Nobody asks the database at start, so nothing needs to listen there.
    externals: plan.hasDatabase ? { database: 9 } : {},
  });
  const cost = cpuMs(workerd.pid);
  await workerd.kill();
  return cost;
}
