// `npm run seed -- --devices 100000`: fills a local directory with believable devices, and shows what each filter of
// the list costs on it: the index that is walked, the rows read, the time. Exit code 1 if one of them walks no index.
// The rows lead to no device: nothing behind them answers.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { countOf, readArguments } from "./arguments.ts";
import { migrate, withLocalDatabase } from "./local-database.ts";
import { refuseTakenByNpm } from "./npm-flags.ts";
import { run } from "./run.ts";
import { writing } from "./trouble.ts";

const project = resolve(import.meta.dirname, "..");
const atOnce = 500;

await run(async () => {
  const { devices, state } = readOptions();
  writing(state, () => mkdirSync(state, { recursive: true }));
  await withLocalDatabase(project, state, async (db) => {
    await migrate(db, project, state);
    await seed(db, devices);
    process.exitCode = (await showFigures(db)) ? 0 : 1;
  });
});

function readOptions(): { devices: number; state: string } {
  refuseTakenByNpm("npm run seed", ["--devices", "--state"]);
  const values = readArguments({
    name: "npm run seed",
    does: "Fills a local directory with believable devices, and shows what each filter of the list costs.",
    options: {
      devices: { takes: "N", help: "how many devices", otherwise: "1000" },
      state: { takes: "FOLDER", help: "the state to fill", otherwise: resolve(project, ".wrangler/state") },
    },
  });
  return { devices: countOf("devices", values.devices), state: resolve(values.state) };
}

async function seed(db: D1Database, devices: number): Promise<void> {
  // Loaded when asked for: it is much for a page of help.
  const { insertRows, seededRows } = await import("../test/support/seeded-fleet.ts");
  const started = Date.now();
  for (let first = 0; first < devices; first += atOnce) {
    const rows = seededRows(first, Math.min(atOnce, devices - first), started);
    for (const [table, some] of Object.entries(rows)) await insertRows(db, table, some);
    if (process.stdout.isTTY) process.stdout.write(`\r${first} of ${devices}`);
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${process.stdout.isTTY ? "\r" : ""}${devices} devices are in the directory (${seconds} s)\n`);
}

async function showFigures(db: D1Database): Promise<boolean> {
  console.log("filter                                             items   rows read      ms  walks");
  const { figuresOf } = await import("./seed-directory/figures.ts");
  let good = true;
  for await (const { title, items, rowsRead, ms, walks, indexed } of figuresOf(db)) {
    good &&= indexed;
    const figures = [String(items).padStart(7), String(rowsRead).padStart(11), ms.toFixed(1).padStart(7)];
    console.log(`${title.padEnd(49)} ${figures.join(" ")}  ${indexed ? "" : "NO INDEX: "}${walks}`);
  }
  return good;
}
