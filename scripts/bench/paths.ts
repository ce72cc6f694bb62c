// The paths under load, with objects that are awake. They take turns in short rounds, so that a neighbour on the same machine disturbs all of
// them alike. Rates and latencies are those of the middle round, processor time is that of all.
import { setTimeout as pause } from "node:timers/promises";
import type { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";
import { Trouble } from "../trouble.ts";
import { type BenchDevice, commandBody } from "./fleet.ts";
import { noteConversation, note as noteShot } from "./least.ts";
import type { Lane, LoadPlan, LoadReport, Shot } from "./load.ts";
import { runLoad } from "./run-load.ts";

export type PathFigures = {
  name: string;
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Of all threads of workerd, for each request. */
  cpuMs: number;
  /** What came later because of these requests, for each of them: alarms that tell the directory. */
  cpuLaterMs: number;
};

/** Rounds that are not counted: V8 is still compiling. */
const warmUps = 3;
const rounds = 5;
const secondsEach = 2;
const connections = 16;
const warmUpMs = 300;
const commandsEach = 6;
/** The outbox gathers for a second before it delivers. */
const outboxMs = 2_500;

export async function measureLoad(server: BareServer, fleet: readonly BenchDevice[]): Promise<PathFigures[]> {
  const bare: Lane[] = fleet.map(() => [bareShot]);
  const note: Lane[] = fleet.map((_, at) => [noteShot(at, "report")]);
  const idle: Lane[] = await Promise.all(fleet.map(async (one) => [await one.idle()]));
  const paths = [
    new Path("a  bare Worker", server, "bare", () => bare),
    new Path("b  least object, idle", server, "bare", () => note),
    new Path("c  connect, idle", server, "edgemdm", () => idle),
  ];
  const least = new Path("d  least object, command and result", server, "bare");
  const commands = new Path("e  connect, command and result", server, "edgemdm");
  const create = new Path("", server, "bare");
  await create.run(
    fleet.map((_, at) => [noteShot(at, "create")]),
    false,
  );
  for (let round = -warmUps; round < rounds; round++) {
    const counts = round >= 0;
    for (const path of paths) await path.load(counts, secondsEach * (counts ? 1 : 0.5));
    const planned = await Promise.all(fleet.map(plannedConversation));
    await Promise.all(planned.map((one) => queue(server, one)));
    const queued = planned.map(({ uuids }, at) => uuids.map((uuid) => noteShot(at, "enqueue", uuid)));
    await create.run(queued, false);
    await pause(outboxMs);
    await least.run(
      planned.map(({ uuids }, at) => noteConversation(at, uuids)),
      counts,
    );
    await commands.run(
      planned.map(({ lane }) => lane),
      counts,
    );
  }
  return [...paths, least, commands].map((path) => path.figures());
}

class Path {
  readonly #name: string;
  readonly #server: BareServer;
  readonly #socket: string;
  readonly #lanes: () => readonly Lane[];
  readonly #reports: LoadReport[] = [];
  #cpu = 0;
  #cpuLater = 0;

  constructor(name: string, server: BareServer, socket: string, lanes: () => readonly Lane[] = () => []) {
    this.#name = name;
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

  figures(): PathFigures {
    const requests = this.#reports.reduce((sum, report) => sum + report.requests, 0);
    // Of the rounds, the one in the middle.
    const middle = (of: (report: LoadReport) => number): number =>
      this.#reports.map(of).sort((a, b) => a - b)[Math.floor(this.#reports.length / 2)] ?? 0;
    return {
      name: this.#name,
      requests,
      perSecond: middle((report) => report.requests / report.seconds),
      p50: middle(({ p50 }) => p50),
      p99: middle(({ p99 }) => p99),
      cpuMs: this.#cpu / requests,
      cpuLaterMs: this.#cpuLater / requests,
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
    if (report.wrong.length > 0) throw new Trouble(`${this.#name}: ${report.wrong.join("\n")}`);
    if (!counts) return;
    this.#cpu += cpu;
    this.#reports.push(report);
  }
}

const bareShot: Shot = { bytes: Buffer.from("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"), expected: "" };

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
