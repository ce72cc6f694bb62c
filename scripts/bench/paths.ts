// The paths under load, with objects that are awake. They take turns in short rounds, so that a neighbour on the same machine disturbs all of
// them alike. Rates are those of the middle round, processor time is that of all.
import { setTimeout as pause } from "node:timers/promises";
import type { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";
import { Trouble } from "../trouble.ts";
import { type BenchDevice, commandBody } from "./fleet.ts";
import { noteConversation, note as noteShot } from "./least.ts";
import type { Lane, LoadPlan, LoadReport } from "./load.ts";
import { runLoad } from "./run-load.ts";
import type { Contest, SideFigures } from "./sleeping.ts";

/** Rounds that are not counted: V8 is still compiling. */
const warmUps = 2;
const rounds = 4;
const secondsEach = 2;
const connections = 16;
const warmUpMs = 300;
const commandsEach = 6;
/** The outbox gathers for a second before it delivers. */
const outboxMs = 2_500;

export async function measureAwake(server: BareServer, fleet: readonly BenchDevice[]): Promise<Contest[]> {
  const note: Lane[] = fleet.map((_, at) => [noteShot(at, "report")]);
  const idle: Lane[] = await Promise.all(fleet.map(async (one) => [await one.idle()]));
  const idles = [new Path(server, "bare", () => note), new Path(server, "edgemdm", () => idle)] as const;
  const commands = [new Path(server, "bare"), new Path(server, "edgemdm")] as const;
  const create = new Path(server, "bare");
  await create.run(
    fleet.map((_, at) => [noteShot(at, "create")]),
    false,
  );
  for (let round = -warmUps; round < rounds; round++) {
    const counts = round >= 0;
    for (const path of idles) await path.load(counts, secondsEach * (counts ? 1 : 0.5));
    const planned = await Promise.all(fleet.map(plannedConversation));
    await Promise.all(planned.map((one) => queue(server, one)));
    const queued = planned.map(({ uuids }, at) => uuids.map((uuid) => noteShot(at, "enqueue", uuid)));
    await create.run(queued, false);
    await pause(outboxMs);
    await commands[0].run(
      planned.map(({ uuids }, at) => noteConversation(at, uuids)),
      counts,
    );
    await commands[1].run(
      planned.map(({ lane }) => lane),
      counts,
    );
  }
  return [
    { name: "awake: connect, idle", least: idles[0].figures(), ours: idles[1].figures() },
    {
      name: "awake: command and result, each request",
      least: commands[0].figures(),
      ours: commands[1].figures(),
    },
  ];
}

class Path {
  readonly #server: BareServer;
  readonly #socket: string;
  readonly #lanes: () => readonly Lane[];
  readonly #reports: LoadReport[] = [];
  #cpu = 0;
  #cpuLater = 0;

  constructor(server: BareServer, socket: string, lanes: () => readonly Lane[] = () => []) {
    this.#server = server;
    this.#socket = socket;
    this.#lanes = lanes;
  }

  /** The same requests over and over. */
  async load(counts: boolean, seconds: number): Promise<void> {
    await this.#measure({ lanes: this.#lanes(), seconds }, counts);
  }

  /** Each of these requests once, and what follows from them. */
  async run(lanes: readonly Lane[], counts: boolean): Promise<void> {
    await this.#measure({ lanes }, counts);
    const before = this.#spent();
    await pause(outboxMs);
    if (counts) this.#cpuLater += this.#spent() - before;
  }

  figures(): SideFigures {
    const requests = this.#reports.reduce((sum, report) => sum + report.requests, 0);
    const rates = this.#reports.map((report) => report.requests / report.seconds).sort((a, b) => a - b);
    return {
      // Of the rounds, the one in the middle.
      perSecond: rates[Math.floor(rates.length / 2)] ?? 0,
      cpuMs: this.#cpu / requests,
      laterMs: this.#cpuLater / requests,
      flushes: undefined,
    };
  }

  #spent = (): number => cpuMs(this.#server.worker.pid);

  async #measure(plan: Pick<LoadPlan, "lanes" | "seconds">, counts: boolean): Promise<void> {
    const port = this.#server.worker.portOf(this.#socket);
    const warmUp = { bytes: Buffer.from(`GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n`), expected: "" };
    let before = 0;
    const report = await runLoad({ port, connections, warmUp, warmUpMs, ...plan }, () => {
      before = this.#spent();
    });
    const cpu = this.#spent() - before;
    if (report.wrong.length > 0) throw new Trouble(`${this.#socket}: ${report.wrong.join("\n")}`);
    if (!counts) return;
    this.#cpu += cpu;
    this.#reports.push(report);
  }
}

type Planned = { deviceId: string; uuids: string[]; lane: Lane };

async function plannedConversation(one: BenchDevice): Promise<Planned> {
  const uuids = Array.from({ length: commandsEach }, () => crypto.randomUUID().toUpperCase());
  return { deviceId: one.device.id, uuids, lane: await one.conversation(uuids) };
}

async function queue(server: BareServer, { deviceId, uuids }: Planned): Promise<void> {
  for (const uuid of uuids) {
    const answer = await server.queue(deviceId, commandBody(uuid));
    const said = await answer.text();
    if (answer.status !== 201) throw new Trouble(`a command is answered ${answer.status}: ${said}`);
  }
}
