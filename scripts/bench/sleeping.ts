// Devices that slept. The platform evicts an object ten seconds after its last request, and devices connect every few
// hours: so nearly every request of a real fleet opens an object. Each pass meets each object once, and ends when the
// runtime has evicted all of them. Opening, work, alarms and closing are all counted.
import { setTimeout as pause } from "node:timers/promises";
import type { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";
import { Trouble } from "../trouble.ts";
import { type BenchDevice, commandBody } from "./fleet.ts";
import { canCountFlushes, countFlushes } from "./flushes.ts";
import { note, noteConversation } from "./least.ts";
import type { Lane, Shot } from "./load.ts";
import { runLoad } from "./run-load.ts";

/** For each request, in the middle of the rounds. */
export type SideFigures = {
  perSecond: number;
  cpuMs: number;
  /** After the last answer, until all objects sleep again: alarms, and closing. */
  laterMs: number;
  flushes: number | undefined;
};

export type Contest = { name: string; least: SideFigures; ours: SideFigures };

const connections = 16;
/** An object is evicted ten seconds after it was last busy. */
const asleepMs = 13_000;

type Pass = () => Promise<{ requests: number; perSecond: number }>;

/**
 * The sides take turns. Before the counted rounds there is one in which V8 compiles and flushes are counted, and before that
 * each device answers once: its first answer tells more than all later ones. `onlyBatch`: of all contests, the batch alone.
 */
export async function measureSleeping(
  server: BareServer,
  fleet: readonly BenchDevice[],
  rounds: number,
  onlyBatch = false,
): Promise<Contest[]> {
  const least =
    (lane: (at: number) => Lane): Pass =>
    () =>
      sendTo(
        server,
        "bare",
        fleet.map((_, at) => lane(at)),
      );
  const ours =
    (lanes: readonly Lane[]): Pass =>
    () =>
      sendTo(server, "edgemdm", lanes);
  const conversations = (uuids: readonly string[]) =>
    Promise.all(fleet.map((one, at) => one.conversation([uuids[at] ?? ""])));

  await least((at) => [note(at, "create")])();
  const uuids = fleet.map(() => crypto.randomUUID().toUpperCase());
  await ours(fleet.map((one, at) => [post(server, one, uuids[at] ?? "")]))();
  await ours(await conversations(uuids))();
  await pause(asleepMs);
  const idle = new Meter("asleep: connect, idle", server);
  const enqueue = new Meter("asleep: command queued by POST", server);
  const cycle = new Meter("asleep: command and result, each request", server);
  const batch = new Meter("asleep: batch, each device", server);
  for (let round = 0; round <= rounds; round++) {
    const counts = round > 0;
    const uuids = fleet.map(() => crypto.randomUUID().toUpperCase());
    const enqueues = least((at) => [note(at, "enqueue", uuids[at])]);
    const cycles = least((at) => noteConversation(at, [uuids[at] ?? ""]));
    if (!onlyBatch) {
      const idles = await Promise.all(fleet.map(async (one) => [await one.idle()]));
      await idle.run(
        counts,
        least((at) => [note(at, "report")]),
        ours(idles),
      );
      await enqueue.run(counts, enqueues, ours(fleet.map((one, at) => [post(server, one, uuids[at] ?? "")])));
      await cycle.run(counts, cycles, ours(await conversations(uuids)));
    }
    let order = "";
    await batch.run(counts, enqueues, async () => {
      order = await orderBatch(server, fleet);
      return { requests: fleet.length, perSecond: await untilGiven(server, order, fleet.length) };
    });
    await cycles();
    await ours(await conversations(fleet.map(() => order)))();
    await pause(asleepMs);
  }
  return (onlyBatch ? [batch] : [idle, enqueue, cycle, batch]).map((one) => one.contest());
}

class Meter {
  readonly #name: string;
  readonly #server: BareServer;
  readonly #least: SideFigures[] = [];
  readonly #ours: SideFigures[] = [];
  #flushes: (number | undefined)[] = [];

  constructor(name: string, server: BareServer) {
    this.#name = name;
    this.#server = server;
  }

  async run(counts: boolean, least: Pass, ours: Pass): Promise<void> {
    if (counts) {
      this.#least.push(await this.#measure(least));
      this.#ours.push(await this.#measure(ours));
    } else this.#flushes = [await this.#flushesOf(least), await this.#flushesOf(ours)];
  }

  contest(): Contest {
    const [least, ours] = this.#flushes;
    return {
      name: this.#name,
      least: { ...middleOf(this.#least), flushes: least },
      ours: { ...middleOf(this.#ours), flushes: ours },
    };
  }

  async #measure(pass: Pass): Promise<SideFigures> {
    const spent = (): number => cpuMs(this.#server.worker.pid);
    const before = spent();
    const { requests, perSecond } = await pass();
    const answered = spent();
    await pause(asleepMs);
    return {
      perSecond,
      cpuMs: (answered - before) / requests,
      laterMs: (spent() - answered) / requests,
      flushes: undefined,
    };
  }

  async #flushesOf(pass: Pass): Promise<number | undefined> {
    let requests = 0;
    const act = async () => {
      ({ requests } = await pass());
      await pause(asleepMs);
    };
    if (canCountFlushes()) return (await countFlushes(this.#server.worker.pid, act)) / requests;
    await act();
    return undefined;
  }
}

function middleOf(rounds: readonly SideFigures[]): Omit<SideFigures, "flushes"> {
  const middle = (of: (one: SideFigures) => number): number =>
    rounds.map(of).sort((a, b) => a - b)[Math.floor((rounds.length - 1) / 2)] ?? 0;
  return {
    perSecond: middle(({ perSecond }) => perSecond),
    cpuMs: middle(({ cpuMs }) => cpuMs),
    laterMs: middle(({ laterMs }) => laterMs),
  };
}

const warmUp = { bytes: Buffer.from("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"), expected: "" };

export async function sendTo(server: BareServer, socket: string, lanes: readonly Lane[]) {
  const port = server.worker.portOf(socket);
  const { requests, seconds, wrong } = await runLoad(
    { port, connections, warmUp, warmUpMs: 0, lanes },
    () => undefined,
  );
  if (wrong.length > 0) throw new Trouble(`${socket}: ${wrong.join("\n")}`);
  return { requests, perSecond: requests / seconds };
}

export function post(server: BareServer, { device }: BenchDevice, uuid: string): Shot {
  const body = commandBody(uuid);
  const head = [
    `POST /api/v1/devices/${device.id}/commands?push=false HTTP/1.1`,
    `host: localhost`,
    `authorization: Bearer ${server.token}`,
    "content-type: application/xml",
    `content-length: ${body.length}`,
  ];
  return {
    bytes: Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]),
    expected: uuid,
    status: 201,
  };
}

/**
 * One command for all, without a push: each push would ask D1 for a certificate that this server does not have. Returns
 * the command's UUID.
 */
export async function orderBatch(server: BareServer, fleet: readonly BenchDevice[]): Promise<string> {
  const uuid = crypto.randomUUID().toUpperCase();
  const ids = fleet.map(({ device }) => device.id).join(",");
  const answer = await fetch(`${server.origin}/api/v1/nanomdm/enqueue/${ids}?nopush=1`, {
    method: "PUT",
    headers: { authorization: `Basic ${btoa(`nanomdm:${server.token}`)}` },
    body: commandBody(uuid),
  });
  if (!answer.ok) throw new Trouble(`no batch: ${answer.status} ${await answer.text()}`);
  return uuid;
}

const patienceMs = 120_000;

/** Asks D1, which is another process. Returns the devices of a second. */
async function untilGiven(server: BareServer, order: string, count: number): Promise<number> {
  const started = performance.now();
  for (;;) {
    const [row] = await server.rows<{ n: number }>(
      "SELECT count(*) AS n FROM commands WHERE uuid = ?",
      order,
    );
    const took = performance.now() - started;
    if (row?.n === count) return (count * 1000) / took;
    if (took > patienceMs) throw new Trouble(`the batch has given ${row?.n} of ${count} commands`);
    await pause(100);
  }
}
