// What an administrator's POST, a batch, the request for a certificate and a log line cost, by processor time of workerd
// alone: `npm run bench:administrators`. The stand-in for D1 is asked over HTTP; what one such question costs the asking side is
// measured in the same rounds, so that each figure can also be told without it.
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readArguments } from "../arguments.ts";
import { runInFolder } from "../bare/in-folder.ts";
import { BareServer } from "../bare/server.ts";
import { askNothing } from "../drills/quiet.ts";
import { canMeasure } from "../process-figures.ts";
import { Trouble } from "../trouble.ts";
import { BenchDevice, commandBody } from "./fleet.ts";
import { Meter } from "./meter.ts";
import { machine } from "./report.ts";
import { orderBatch } from "./sleeping.ts";

const project = resolve(import.meta.dirname, "../..");
const devices = 64;
const warmUps = 2;
const rounds = 7;
const eachRound = 128;
const certificatesEachRound = 48;
/** So many that the request that asks for them does not count. */
const linesEach = 100;
/** Alarms that tell the directory are no part of a request. */
const outboxMs = 2_500;
/** The runtime evicts a quiet object after ten seconds. */
const asleepMs = 12_000;

await runInFolder("bench-administrators", bench);

async function bench(folder: string): Promise<void> {
  readArguments({
    name: "npm run bench:administrators",
    does: "What an administrator's POST, a batch and the request for a certificate cost. Some minutes, on Linux.",
    options: {},
  });
  if (!canMeasure) throw new Trouble("the bench reads processor time from /proc, which only Linux has");
  console.log(machine());
  const module = (name: string) => resolve(import.meta.dirname, name);
  const server = await BareServer.start(project, folder, [
    { name: "bare", module: module("bare-worker.js"), objects: { NOTE: "Note" } },
    { name: "asking", module: module("asking-worker.js"), hasDatabase: true },
  ]);
  await askNothing(server);
  const fleet = await BenchDevice.enrolled(server, devices);
  const ids = fleet.map(({ device }) => device.id);
  const clients = await clientsOf(server);
  await Promise.all(ids.map((_, at) => clients.create(at)));

  const meter = new Meter(server);
  for (let round = -warmUps; round < rounds; round++) {
    const requests: (() => Promise<unknown>)[] = [];
    for (let at = 0; at < certificatesEachRound; at++) {
      const message = await fleet[at % devices]?.certificateRequest(server);
      requests.push(() => clients.certify(message ?? new Uint8Array()));
    }
    await pause(outboxMs);
    const counts = round >= 0;
    const each = (job: (at: number) => Promise<unknown>, times = eachRound) =>
      Array.from({ length: times }, (_, at) => () => job(at));
    await meter.measure("D1, a question", counts, each(clients.question));
    await meter.measure("a log line", counts, each(clients.log), eachRound * linesEach);
    await meter.measure("least object, a write", counts, each(clients.note));
    await meter.measure(
      "POST a command",
      counts,
      each((at) => clients.command(ids[at % devices] ?? "")),
    );
    await meter.measure("SCEP, a certificate", counts, requests);
    // Each of these rounds waits until all objects sleep.
    if (round < rounds - 3) continue;
    await pause(asleepMs);
    await meter.measure("least object, a write, asleep", counts, each(clients.note, devices));
    await meter.measure("batch, each device, asleep", counts, [() => clients.batch(fleet)], devices);
  }
  console.log(meter.table());
}

/** Who asks: an operator with a token of the API, as a tool has it, and devices. */
async function clientsOf(server: BareServer) {
  const made = await server.request("/api/v1/tokens", {
    method: "POST",
    json: { name: "bench", role: "operator" },
  });
  const { token } = JSON.parse(made.body) as { token: string };
  const posted = async (path: string, json: unknown) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(server.origin + path, { method: "POST", headers, body: JSON.stringify(json) });
    const body = await answer.text();
    if (answer.status !== 201) throw new Trouble(`${path} is answered ${answer.status}: ${body}`);
    return JSON.parse(body) as { id: string };
  };
  const bare = async (name: string, path = "/", init = {}) => {
    const answer = await fetch(server.worker.originOf(name) + path, init);
    if (!answer.ok) throw new Trouble(`the Worker ${name} answers ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const noted = (at: number, uuid = "") => ({ "x-object": `note-${at % devices}`, "x-uuid": uuid });
  const command = {
    request_type: "DeviceInformation",
    payload: {
      Queries: ["DeviceName", "OSVersion", "BuildVersion", "ProductName", "SerialNumber", "BatteryLevel"],
    },
  };
  return {
    question: () => bare("asking"),
    log: () => bare("bare", "/", { headers: { "x-lines": String(linesEach) } }),
    create: (at: number) => bare("bare", "/create", { headers: noted(at) }),
    note: (at: number) => {
      const uuid = crypto.randomUUID().toUpperCase();
      return bare("bare", "/enqueue", { method: "PUT", headers: noted(at, uuid), body: commandBody(uuid) });
    },
    command: (id: string) => posted(`/api/v1/devices/${id}/commands?push=false`, command),
    async certify(message: Uint8Array) {
      const body = Buffer.from(message.subarray(Buffer.from(message).indexOf("\r\n\r\n") + 4));
      const answer = await fetch(`${server.origin}/scep?operation=PKIOperation`, { method: "POST", body });
      if (!answer.ok) throw new Trouble(`SCEP is answered ${answer.status}`);
      await answer.arrayBuffer();
    },
    async batch(fleet: readonly BenchDevice[]) {
      const id = await orderBatch(server, fleet);
      for (;;) {
        const { body } = await server.request(`/api/v1/batches/${id}`);
        if ((JSON.parse(body) as { state: string }).state === "done") return;
        await pause(200);
      }
    },
  };
}
