// What each open object adds to the memory of the process.
import type { BareServer } from "../bare/server.ts";
import { memoryMiB } from "../process-figures.ts";
import type { BenchDevice } from "./fleet.ts";
import { sendTo } from "./sleeping.ts";

/** Of a workerd that has just been started, in which every device connects once. In MiB. */
export async function memoryOfDevice(server: BareServer, fleet: readonly BenchDevice[]): Promise<number> {
  const idles = await Promise.all(fleet.map(async (one) => [await one.idle()]));
  await server.killWorker();
  await server.startWorker();
  const memory = (): number => memoryMiB(server.worker.pid).now;
  // What the first requests make V8 compile and keep is no device's.
  const few = idles.slice(0, 10);
  for (let round = 0; round < 5; round++) await sendTo(server, "edgemdm", few);
  const before = memory();
  await sendTo(server, "edgemdm", idles);
  return (memory() - before) / (idles.length - few.length);
}
