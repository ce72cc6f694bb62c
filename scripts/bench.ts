// `npm run bench`: what a connect costs, in the runtime it will run in, beside the least that a Worker can cost there.
import { resolve } from "node:path";
import { testAttestationRoot } from "../test/support/apple-device/attestation-root.ts";
import { countOf, readArguments } from "./arguments.ts";
import { runInFolder } from "./bare/in-folder.ts";
import { BareServer } from "./bare/server.ts";
import { coldFigures } from "./bench/cold.ts";
import { BenchDevice } from "./bench/fleet.ts";
import { memoryOfDevice } from "./bench/memory.ts";
import { measureLoad } from "./bench/paths.ts";
import { coldTable, loadTable, machine, sleepingTable } from "./bench/report.ts";
import { measureSleeping } from "./bench/sleeping.ts";
import { askNothing } from "./drills/quiet.ts";
import { known, waitFor } from "./drills/waiting.ts";
import { canMeasure } from "./process-figures.ts";
import { Trouble } from "./trouble.ts";

const project = resolve(import.meta.dirname, "..");
/** Devices at work at the same time, all of them awake. */
const awake = 64;

await runInFolder("bench", bench);

async function bench(folder: string): Promise<void> {
  const { only, devices, rounds } = readOptions();
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
  await waitFor("the directory to know them", async () => (await known(server)) >= devices);
  console.log(`${devices} devices have enrolled\n`);

  if (only === undefined || only === "sleeping") {
    console.log(sleepingTable(await measureSleeping(server, fleet, rounds)));
    console.log(`memory of an open device: ${(await memoryOfDevice(server, fleet)).toFixed(2)} MiB\n`);
  }
  if (only === "batch") console.log(sleepingTable(await measureSleeping(server, fleet, rounds, true)));
  if (only === undefined || only === "awake") {
    console.log(loadTable(await measureLoad(server, fleet.slice(0, awake))));
  }
  if (only === undefined || only === "cold") console.log(coldTable(await coldFigures(server, fleet)));
}

function readOptions() {
  const { only, devices, rounds } = readArguments({
    name: "npm run bench",
    does: "What a connect costs, beside the least that a Worker can cost. Takes ten minutes, on Linux.",
    options: {
      only: {
        takes: "PART",
        help: "sleeping, awake or cold: that part alone; batch: of sleeping, the batch",
      },
      devices: { takes: "N", help: "how many devices sleep and are woken", otherwise: "300" },
      rounds: { takes: "N", help: "how many rounds count, of devices that slept", otherwise: "3" },
    },
  });
  return { only, devices: countOf("devices", devices), rounds: countOf("rounds", rounds) };
}
