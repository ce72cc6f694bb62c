// `npm run bench`: what a connect costs, in the runtime it will run in, beside the least that a Worker can cost there.
import { resolve } from "node:path";
import { testAttestationRoot } from "../test/support/apple-device/attestation-root.ts";
import { readArguments } from "./arguments.ts";
import { runInFolder } from "./bare/in-folder.ts";
import { BareServer } from "./bare/server.ts";
import { coldFigures } from "./bench/cold.ts";
import { BenchDevice } from "./bench/fleet.ts";
import { measureLoad } from "./bench/paths.ts";
import { coldTable, loadTable, machine } from "./bench/report.ts";
import { askNothing } from "./drills/quiet.ts";
import { canMeasure, memoryMiB } from "./process-figures.ts";
import { Trouble } from "./trouble.ts";

const project = resolve(import.meta.dirname, "..");
const devices = 64;

await runInFolder("bench", bench);

async function bench(folder: string): Promise<void> {
  readArguments({
    name: "npm run bench",
    does: "What a connect costs, beside the least that a Worker can cost. Takes some minutes, on Linux.",
    options: {},
  });
  if (!canMeasure) throw new Trouble("the bench reads processor time from /proc, which only Linux has");
  console.log(machine());
  const bare = {
    name: "bare",
    module: resolve(import.meta.dirname, "bench/bare-worker.js"),
    objects: { NOTE: "Note" },
  };
  const variables = { ATTESTATION_ROOTS: testAttestationRoot, DEVICE_AUTHORITIES: testAttestationRoot };
  const server = await BareServer.start(project, folder, [bare], variables);
  await askNothing(server);
  const fleet = await BenchDevice.enrolled(server, devices);
  console.log(`${devices} devices have enrolled`);

  console.log(loadTable(await measureLoad(server, fleet)));
  const { now, peak } = memoryMiB(server.worker.pid);
  console.log(`memory of workerd: ${Math.round(now)} MiB, at most ${Math.round(peak)} MiB\n`);
  console.log(coldTable(await coldFigures(server, fleet)));
}
