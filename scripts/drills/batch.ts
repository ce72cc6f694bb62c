// `npm run drill:batch -- [--targets 5000] [--kills 8] [--directory 100000]`: one command for thousands of devices, while the Worker is
// killed in the middle of it again and again. Each device must get it exactly once.

import { resolve } from "node:path";
import { readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { BareServer } from "../bare/server.ts";
import { BenchDevice } from "../bench/fleet.ts";
import { Trouble } from "../trouble.ts";
import { askNothing } from "./quiet.ts";
import { known, stopwatch, waitFor } from "./waiting.ts";

const values = readArguments({
  name: "npm run drill:batch",
  does: "One command for thousands of devices, while the Worker is killed in the middle of it.",
  options: {
    targets: { takes: "N", help: "how many devices", otherwise: "5000" },
    kills: { takes: "N", help: "how often the Worker is killed", otherwise: "8" },
    directory: { takes: "N", help: "rows of a directory for a batch to all; 0: none", otherwise: "100000" },
  },
});
const targets = Number(values.targets);
const kills = Number(values.kills);
const directory = Number(values.directory);
const project = resolve(import.meta.dirname, "../..");

type Batch = {
  id: string;
  state: string;
  progress: { given: number; refused: number; failing: number; next_page_at: string | null };
  outcomes: Record<string, number>;
};

await runInFolder("drill", drill);

async function drill(folder: string): Promise<void> {
  const server = await BareServer.start(project, folder);
  await askNothing(server);
  const enrolling = stopwatch();
  const fleet = await BenchDevice.enrolled(server, targets);
  console.log(`${targets} devices have enrolled in ${enrolling()} s`);
  await waitFor("the directory to know them", async () => (await known(server)) >= targets);

  const calm = await order(server);
  const calmRate = await finish(server, calm, () => Promise.resolve());
  console.log(`without a kill: ${calmRate} commands a second`);

  const killed = await order(server);
  let deaths = 0;
  const rate = await finish(server, killed, async (given) => {
    if (deaths >= kills || given < ((deaths + 1) * targets) / (kills + 2)) return;
    deaths += 1;
    await server.killWorker();
    await server.startWorker();
  });
  console.log(`with ${deaths} kills: ${rate} commands a second, restarts included`);

  await everyoneGets(fleet, [calm.id, killed.id]);
  await waitFor("the outcomes to be counted", async () => {
    const { outcomes } = await read(server, killed.id);
    return outcomes.acknowledged === targets;
  });
  console.log(`each of ${targets} devices was given both commands exactly once, and has answered them`);

  if (directory === 0) return;
  await fillDirectory(server, directory);
  console.log(`a batch for a directory of ${directory} devices:`);
  await server.request(`/api/v1/batches/${(await order(server)).id}`, { method: "DELETE" });
}

/** Rows only: nobody is behind them. */
async function fillDirectory(server: BareServer, count: number): Promise<void> {
  const { seededRows } = await import("../../test/support/seeded-fleet.ts");
  for (let first = 0; first < count; first += 1_000) {
    const rows = seededRows(first, 1_000, Date.now()).devices.map((row) => ({ ...row, state: "enrolled" }));
    const columns = Object.keys(rows[0] ?? {});
    const values = columns.map((column) => `json_extract(value, '$.${column}')`);
    await server.rows(
      `INSERT OR IGNORE INTO devices (${columns.join(", ")}) SELECT ${values.join(", ")} FROM json_each(?)`,
      JSON.stringify(rows),
    );
  }
}

async function order(server: BareServer): Promise<Batch> {
  const asked = stopwatch();
  const json = { request_type: "ProfileList", targets: { all: true } };
  const answer = await server.request("/api/v1/batches", { method: "POST", json });
  if (answer.status !== 201) throw new Trouble(`no batch: ${answer.status} ${answer.body}`);
  console.log(`the batch was answered after ${asked()} s`);
  return JSON.parse(answer.body) as Batch;
}

/** Until every target has the command; commands a second. */
async function finish(
  server: BareServer,
  { id }: Batch,
  between: (given: number) => Promise<void>,
): Promise<number> {
  const started = stopwatch();
  let batch = await read(server, id);
  await waitFor("the batch to be done", async () => {
    await between(batch.progress.given);
    batch = await read(server, id);
    return batch.progress.next_page_at === null;
  });
  const { given, refused, failing } = batch.progress;
  if (given !== targets || refused + failing > 0)
    throw new Trouble(`not all are given: ${JSON.stringify(batch)}`);
  return Math.round(targets / started());
}

async function read(server: BareServer, id: string): Promise<Batch> {
  const answer = await server.request(`/api/v1/batches/${id}`);
  if (answer.status !== 200) throw new Trouble(`the batch does not read: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body) as Batch;
}

/** Every device fetches what waits for it, and says so. */
async function everyoneGets(fleet: readonly BenchDevice[], uuids: readonly string[]): Promise<void> {
  const left = [...fleet];
  const wanted = [...uuids].sort().join();
  const talk = async (): Promise<void> => {
    for (let one = left.pop(); one; one = left.pop()) {
      const turns = await one.device.converse(() => ({ status: "Acknowledged" }));
      const got = turns.map(({ command }) => command.uuid).sort();
      if (got.join() !== wanted) throw new Trouble(`${one.device.id} was given ${got.join() || "nothing"}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, talk));
}
