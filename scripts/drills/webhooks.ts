// `npm run drill:webhooks -- [--events 10000] [--written 8000] [--devices 40] [--kills 12] [--failing 0.2]`: devices and
// administrators are at work, what happens is sent to a receiver that fails at random, and the Worker is killed in the
// middle of it again and again. Every event must arrive, and those of each device in their order. Most events are written
// into the log as if two hundred more devices had told them: that is the load, and the others are the truth.
import { resolve } from "node:path";
import { readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";
import { Killer } from "./kill/killer.ts";
import { Subject } from "./kill/subject.ts";
import { askNothing } from "./quiet.ts";
import { stopwatch, waitFor } from "./waiting.ts";
import { MoodyReceiver } from "./webhooks/receiver.ts";

const values = readArguments({
  name: "npm run drill:webhooks",
  does: "Events are sent to a receiver that fails at random, while the Worker is killed; all must arrive, in order.",
  options: {
    events: { takes: "N", help: "how many events", otherwise: "10000" },
    written: { takes: "N", help: "how many of them are written into the log", otherwise: "8000" },
    devices: { takes: "N", help: "how many devices are at work", otherwise: "40" },
    kills: { takes: "N", help: "how often the Worker is killed", otherwise: "12" },
    failing: { takes: "P", help: "how often the receiver fails, from 0 to 1", otherwise: "0.2" },
  },
});
const wanted = Number(values.events);
const written = Math.min(Number(values.written), wanted);
const madeUpDevices = 200;
const aWrite = 100;
const project = resolve(import.meta.dirname, "../..");

await runInFolder("drill", drill);

async function drill(folder: string): Promise<void> {
  const receiver = new MoodyReceiver({ failing: Number(values.failing) });
  const url = await receiver.start();
  const server = await BareServer.start(project, folder, [], { WEBHOOK_ALLOW_LOCAL: "true" });
  await askNothing(server);
  const id = await webhook(server, url, receiver);
  const subjects = await Promise.all(
    Array.from({ length: Number(values.devices) }, (_, index) => Subject.enrolled(server, index)),
  );
  console.log(`${subjects.length} devices have enrolled; they work until ${wanted} events have happened`);

  const working = stopwatch();
  const atWork = subjects.map((subject) => subject.work());
  const killer = new Killer(server);
  let kills = 0;
  let wrote = 0;
  await waitFor("the events to happen", async () => {
    const happened = await count(server);
    if (kills < Number(values.kills) && happened >= ((kills + 1) * wanted) / (Number(values.kills) + 1)) {
      await killer.strike();
      kills += 1;
    }
    if (wrote < written) {
      await write(server, wrote);
      wrote += aWrite;
    }
    return happened >= wanted;
  });
  for (const subject of subjects) subject.leaveOff();
  await Promise.all(atWork);
  console.log(`they happened in ${working()} s, while the Worker was killed ${kills} times`);

  const draining = stopwatch();
  await waitFor("the receiver to have all", async () => {
    const { progress } = await read(server, id);
    return progress.waiting === 0 && progress.after >= (await newest(server));
  });
  console.log(`
the rest arrived        ${draining()} s later
events                  ${await count(server)}
attempts                ${receiver.attempts}, of which the receiver failed ${receiver.failures}
taken twice             ${receiver.repeats}`);
  const complaints = await judge(server, receiver, id);
  receiver.stop();
  if (complaints.length > 0) throw new Trouble(complaints.slice(0, 20).join("\n"));
  console.log("None is lost, and each device's order holds.");
}

type Detail = { progress: { waiting: number; after: number; dead_letters: number }; state: string };

async function webhook(server: BareServer, url: string, receiver: MoodyReceiver): Promise<string> {
  const json = { name: "drill", url, after: 0 };
  const made = await server.request("/api/v1/webhooks", { method: "POST", json });
  if (made.status !== 201) throw new Trouble(`no webhook: ${made.status} ${made.body}`);
  const { id, secret } = JSON.parse(made.body) as { id: string; secret: string };
  receiver.secret = secret;
  return id;
}

async function read(server: BareServer, id: string): Promise<Detail> {
  const { status, body } = await server.request(`/api/v1/webhooks/${id}`);
  if (status !== 200) throw new Trouble(`the webhook does not read: ${status} ${body}`);
  return JSON.parse(body) as Detail;
}

/** The database may be away: somebody kills it. */
async function ask<Row>(server: BareServer, sql: string, ...params: string[]): Promise<Row[]> {
  for (let tries = 0; ; tries++) {
    try {
      return await server.rows<Row>(sql, ...params);
    } catch (fault) {
      if (tries > 20) throw fault;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

/** Rows only: nobody is behind them. */
async function write(server: BareServer, from: number): Promise<void> {
  const rows = Array.from({ length: aWrite }, (_, n) => ({
    device: `MADE-UP-${(from + n) % madeUpDevices}`,
    seq: from + n,
    at: Date.now(),
  }));
  const sql = `INSERT OR IGNORE INTO events (device_id, seq, name, detail, at)
    SELECT value ->> 'device', value ->> 'seq', 'command.queued', '{}', value ->> 'at' FROM json_each(?)`;
  await ask(server, sql, JSON.stringify(rows));
}

async function count(server: BareServer): Promise<number> {
  return (await ask<{ n: number }>(server, "SELECT count(*) AS n FROM events"))[0]?.n ?? 0;
}

async function newest(server: BareServer): Promise<number> {
  return (await ask<{ id: number }>(server, "SELECT max(id) AS id FROM events"))[0]?.id ?? 0;
}

async function judge(server: BareServer, receiver: MoodyReceiver, id: string): Promise<string[]> {
  const rows = await ask<{ id: number; device_id: string }>(
    server,
    // Nobody is told of his own troubles.
    "SELECT id, device_id FROM events WHERE name NOT LIKE 'webhook.%' ORDER BY id",
  );
  const complaints: string[] = [];
  for (const [device, events] of Map.groupBy(rows, ({ device_id }) => device_id)) {
    const should = events.map((event) => event.id).join();
    const did = receiver.taken.get(device)?.join() ?? "";
    if (should !== did) complaints.push(`of ${device || "the server"} came ${did}\ninstead of ${should}`);
  }
  if (receiver.unverified > 0) complaints.push(`${receiver.unverified} messages did not verify`);
  const { progress } = await read(server, id);
  if (progress.dead_letters > 0) complaints.push(`${progress.dead_letters} were given up`);
  return complaints;
}
