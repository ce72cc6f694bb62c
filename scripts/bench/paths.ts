// The four paths under load. They take turns in short rounds, so that a neighbour on the same machine disturbs all of
// them alike. Rates and latencies are those of the middle round, processor time is that of all.
import { setTimeout as pause } from "node:timers/promises";
import type { BareServer } from "../bare/server.ts";
import { startNode } from "../children.ts";
import { cpuMs } from "../process-figures.ts";
import { Trouble } from "../trouble.ts";
import { type BenchDevice, commandBody } from "./fleet.ts";
import type { Lane, LoadPlan, LoadReport } from "./load.ts";

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
const commandsEach = 6;
/** The outbox gathers for a second before it delivers. */
const outboxMs = 2_500;

export async function measureLoad(server: BareServer, fleet: readonly BenchDevice[]): Promise<PathFigures[]> {
  const bare = fleet.map((_, index) => bareLane(server, index, false));
  const note = fleet.map((_, index) => bareLane(server, index, true));
  const idle: Lane[] = await Promise.all(fleet.map(async (one) => [await one.idle()]));
  const paths = [
    new Path("a  bare Worker", server, "bare", () => bare),
    new Path("b  bare Worker, object, write", server, "bare", () => note),
    new Path("c  connect, idle", server, "edgemdm", () => idle),
  ];
  const commands = new Path("d  connect, command and result", server, "edgemdm", () => []);
  for (let round = -warmUps; round < rounds; round++) {
    const counts = round >= 0;
    for (const path of paths) await path.load(counts, secondsEach * (counts ? 1 : 0.5));
    const planned = await Promise.all(fleet.map(plannedConversation));
    await Promise.all(planned.map((one) => queue(server, one)));
    await pause(outboxMs);
    await commands.run(
      planned.map(({ lane }) => lane),
      counts,
    );
  }
  return [...paths, commands].map((path) => path.figures());
}

class Path {
  readonly #name: string;
  readonly #server: BareServer;
  readonly #socket: string;
  readonly #lanes: () => readonly Lane[];
  readonly #reports: LoadReport[] = [];
  #cpu = 0;
  #cpuLater = 0;

  constructor(name: string, server: BareServer, socket: string, lanes: () => readonly Lane[]) {
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
    const report = await load({ port, connections, warmUp, ...plan }, () => {
      before = this.#spent();
    });
    const cpu = this.#spent() - before;
    if (report.wrong.length > 0) throw new Trouble(`${this.#name}: ${report.wrong.join("\n")}`);
    if (!counts) return;
    this.#cpu += cpu;
    this.#reports.push(report);
  }
}

function load(plan: LoadPlan, onceWarm: () => void): Promise<LoadReport> {
  const child = startNode([`${import.meta.dirname}/load.ts`], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  return new Promise((resolve, reject) => {
    child.once("message", () => {
      onceWarm();
      child.send("go");
      child.once("message", (report) => resolve(report as LoadReport));
    });
    child.once("exit", () => reject(new Error("the load has ended without a report")));
    child.send(plan as never);
  });
}

function bareLane(server: BareServer, index: number, writes: boolean): Lane {
  const host = new URL(server.worker.originOf("bare")).host;
  const object = writes ? `x-object: note-${index}\r\n` : "";
  return [{ bytes: Buffer.from(`GET / HTTP/1.1\r\nhost: ${host}\r\n${object}\r\n`), expected: "" }];
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
