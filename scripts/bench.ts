// `npm run bench`: what a connect costs, in the runtime it will run in, beside the least that a Worker can cost there.
import { resolve } from "node:path";
import { testAttestationRoot } from "../test/support/apple-device/attestation-root.ts";
import { countOf, readArguments } from "./arguments.ts";
import { runInFolder } from "./bare/in-folder.ts";
import { BareServer } from "./bare/server.ts";
import { measureAdministrators } from "./bench/administrators.ts";
import { coldFigures } from "./bench/cold.ts";
import { BenchDevice } from "./bench/fleet.ts";
import { memoryOfDevice } from "./bench/memory.ts";
import { measureAwake } from "./bench/paths.ts";
import { contestTable, machine, type OtherFigure, otherTable } from "./bench/report.ts";
import { measureSearch } from "./bench/search.ts";
import { type Contest, measureSleeping } from "./bench/sleeping.ts";
import { askNothing } from "./drills/quiet.ts";
import { known, waitFor } from "./drills/waiting.ts";
import { canMeasure } from "./process-figures.ts";
import { Trouble } from "./trouble.ts";

const project = resolve(import.meta.dirname, "..");
/** Devices at work at the same time, all of them awake. */
const awake = 64;

await runInFolder("bench", bench);

async function bench(folder: string): Promise<void> {
  const { only, devices, rounds, open } = readOptions();
  if (!canMeasure) throw new Trouble("the bench reads processor time from /proc, which only Linux has");
  console.log(machine());
  const module = (name: string) => resolve(import.meta.dirname, "bench", name);
  const beside = [
    { name: "bare", module: module("bare-worker.js"), objects: { NOTE: "Note" } },
    { name: "asking", module: module("asking-worker.js"), hasDatabase: true },
  ];
  const variables = { ATTESTATION_ROOTS: testAttestationRoot, DEVICE_AUTHORITIES: testAttestationRoot };
  const server = await BareServer.start(project, folder, beside, variables);
  await askNothing(server);
  const fleet = await enrolled(server, devices);
  const isWanted = (part: string): boolean => only === undefined || only === part;

  const contests: Contest[] = [];
  if (isWanted("sleeping")) contests.push(...(await measureSleeping(server, fleet, rounds)));
  if (only === "batch") contests.push(...(await measureSleeping(server, fleet, rounds, true)));
  if (isWanted("awake")) contests.push(...(await measureAwake(server, fleet.slice(0, awake))));
  if (contests.length > 0) console.log(contestTable(contests));

  const others: OtherFigure[] = [];
  // These connect and expect nothing to be queued. The parts after them queue commands that no device fetches.
  if (isWanted("memory")) {
    const all = [...fleet, ...(await enrolled(server, Math.max(0, open - devices), devices))];
    const figure = await memoryOfDevice(server, all);
    others.push({ name: `memory of an open device, of ${all.length}, MiB`, figure, digits: 2 });
  }
  if (isWanted("cold"))
    for (const { name, least } of await coldFigures(server, fleet)) others.push({ name, figure: least });
  if (isWanted("administrators"))
    for (const { name, cpuMs, withoutQuestions } of await measureAdministrators(
      server,
      fleet.slice(0, awake),
    ))
      others.push({
        name,
        figure: cpuMs,
        digits: cpuMs < 0.1 ? 3 : 1,
        withoutD1: withoutQuestions,
      });
  if (isWanted("search")) {
    const name =
      "search for three words in 100,000 devices, a page of 50: the Worker and D1's stand-in together";
    others.push({ name, figure: await measureSearch(server) });
  }
  if (others.length > 0) console.log(otherTable(others));
}

async function enrolled(server: BareServer, count: number, first = 0): Promise<BenchDevice[]> {
  const fleet = await BenchDevice.enrolled(server, count, first);
  await waitFor("the directory to know them", async () => (await known(server)) >= first + count);
  return fleet;
}

function readOptions() {
  const { only, devices, rounds, open } = readArguments({
    name: "npm run bench",
    does: "What a connect costs, beside the least that a Worker can cost. Takes about twelve minutes, on Linux.",
    options: {
      only: {
        takes: "PART",
        help: "sleeping, awake, administrators, cold, memory or search: that part alone; batch: of sleeping, the batch",
      },
      devices: { takes: "N", help: "how many devices sleep and are woken", otherwise: "200" },
      rounds: { takes: "N", help: "how many rounds count, of devices that slept", otherwise: "2" },
      open: { takes: "N", help: "how many devices are open while memory is measured", otherwise: "1000" },
    },
  });
  return {
    only,
    devices: countOf("devices", devices),
    rounds: countOf("rounds", rounds),
    open: countOf("open", open),
  };
}
