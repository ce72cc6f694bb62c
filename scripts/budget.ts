// `npm run check:budget`: builds the Worker as it would be uploaded, and holds it to its budget.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readArguments } from "./arguments.ts";
import { buildBundle } from "./budget/bundle.ts";
import { judgeConsole, weighConsole } from "./budget/console.ts";
import { judge } from "./budget/limits.ts";
import { startupCost } from "./budget/startup-cost.ts";
import { bundleConsole } from "./console/build.ts";
import { run } from "./run.ts";
import { Trouble, writing } from "./trouble.ts";
import { readWorkerSettings } from "./worker-settings.ts";

const project = resolve(import.meta.dirname, "..");

await run(async () => {
  readArguments({
    name: "npm run check:budget",
    does: "Builds the Worker and the console as they would be uploaded, and holds them to their budget. Takes about a minute.",
    options: {},
  });
  const folder = writing(tmpdir(), () => mkdtempSync(join(tmpdir(), "edgemdm-budget-")));
  try {
    await holdToBudget(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function holdToBudget(folder: string): Promise<void> {
  const { compatibilityDate } = readWorkerSettings(project);
  const bundle = await buildBundle(project, folder);
  const emptyStarts = await startupCost(bundle.file, compatibilityDate, folder);
  const { table, complaints } = judge(
    {
      minifiedKiB: bundle.minifiedBytes / 1024,
      gzipKiB: bundle.gzipBytes / 1024,
      eagerKiB: bundle.eagerBytes / 1024,
      emptyStarts,
    },
    bundle,
  );
  console.log(`The Worker's bundle:\n${table}`);
  const consoles = judgeConsole(weighConsole(await bundleConsole(project)));
  console.log(`The console, in gzip:\n${consoles.table}`);
  const all = [...complaints, ...consoles.complaints];
  if (all.length > 0) throw new Trouble(all.join("\n"));
}
