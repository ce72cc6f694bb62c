// `npm run bench`: what a connect costs, in the runtime it will run in, beside the least that a Worker can cost there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BareServer } from "./bare/server.ts";
import { coldFigures } from "./bench/cold.ts";
import { BenchDevice } from "./bench/fleet.ts";
import { measureLoad } from "./bench/paths.ts";
import { coldTable, loadTable, machine } from "./bench/report.ts";
import { stopChildren } from "./children.ts";
import { askNothing } from "./drills/quiet.ts";
import { canMeasure, memoryMiB } from "./process-figures.ts";
import { run } from "./run.ts";
import { Trouble, writing } from "./trouble.ts";

const project = resolve(import.meta.dirname, "..");
const devices = 64;

await run(async () => {
  if (!canMeasure) throw new Trouble("the bench reads processor time from /proc, which only Linux has");
  const folder = writing(tmpdir(), () => mkdtempSync(join(tmpdir(), "edgemdm-bench-")));
  try {
    await bench(folder);
  } finally {
    await stopChildren();
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit();
});

async function bench(folder: string): Promise<void> {
  console.log(machine());
  const server = await BareServer.start(project, folder, [
    {
      name: "bare",
      module: resolve(import.meta.dirname, "bench/bare-worker.js"),
      objects: { NOTE: "Note" },
    },
  ]);
  await askNothing(server);
  const fleet = await BenchDevice.enrolled(server, devices);
  console.log(`${devices} devices have enrolled`);

  console.log(loadTable(await measureLoad(server, fleet)));
  const { now, peak } = memoryMiB(server.worker.pid);
  console.log(`memory of workerd: ${Math.round(now)} MiB, at most ${Math.round(peak)} MiB\n`);
  console.log(coldTable(await coldFigures(server, fleet)));
}
