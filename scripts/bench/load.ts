// The load, in a process of its own: requests prepared beforehand, sent over connections that stay open. Written on
// bare sockets, because on a machine with two cores a client that computes takes it from the server.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What must come back: nothing, or a body with this in it; 200, or this status. */
export type Shot = { bytes: Uint8Array; expected: string; status?: number };

/** The requests of one speaker, in order. */
export type Lane = readonly Shot[];

export type LoadPlan = {
  port: number;
  connections: number;
  lanes: readonly Lane[];
  /** Lanes are repeated for so long; each is run once when absent. */
  seconds?: number;
  /** Asked before, and not counted: a processor that has rested, a client and a heap that are new are slow for a moment. */
  warmUp: Shot;
  warmUpMs: number;
};

export type LoadReport = { requests: number; seconds: number; p50: number; p99: number; wrong: string[] };

process.once("message", (plan: LoadPlan) => {
  run(plan).then(
    (report) => process.send?.(report, leave),
    (fault) => {
      console.error(fault);
      process.exit(1);
    },
  );
});

/** The bench, which has the report now, may have ended first. */
function leave(): void {
  if (process.connected) process.disconnect();
}

async function run({ port, connections, lanes, seconds, warmUp, warmUpMs }: LoadPlan): Promise<LoadReport> {
  const lines = await Promise.all(Array.from({ length: connections }, () => open(port)));
  await shoot(
    lines,
    lines.map(() => [warmUp]),
    warmUpMs / 1000,
  );
  // It says that it is warm and waits for a signal, so that the counting process can begin.
  const told = once(process, "message");
  process.send?.("warm");
  await told;
  const report = await shoot(lines, lanes, seconds);
  for (const line of lines) line.close();
  return report;
}

async function shoot(lines: readonly Line[], lanes: readonly Lane[], seconds?: number): Promise<LoadReport> {
  const waiting = [...lanes];
  const latencies: number[] = [];
  const wrong: string[] = [];
  const started = performance.now();
  const until = started + (seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const work = async (line: Line): Promise<void> => {
    for (
      let lane = waiting.shift();
      lane !== undefined && performance.now() < until;
      lane = waiting.shift()
    ) {
      for (const { bytes, expected, status: due = 200 } of lane) {
        const sent = performance.now();
        const { status, body } = await line.ask(bytes);
        latencies.push(performance.now() - sent);
        const right = status === due && (expected === "" ? body === "" : body.includes(expected));
        if (!right) wrong.push(`${status} ${body.slice(0, 200)} instead of ${expected || "an empty body"}`);
      }
      if (seconds !== undefined) waiting.push(lane);
    }
  };
  await Promise.all(lines.map(work));
  const took = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  return {
    requests: latencies.length,
    seconds: took,
    p50: at(0.5),
    p99: at(0.99),
    wrong: wrong.slice(0, 20),
  };
}

const open = (port: number): Promise<Line> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => resolve(new Line(socket)));
  });

/** One connection, one request at a time. workerd says how long each of these answers is. */
class Line {
  readonly #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #answered: (answer: { status: number; body: string }) => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#take(chunk));
  }

  ask(request: Uint8Array): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#socket.once("close", () => reject(new Error("the server closed the connection")));
      this.#socket.write(request);
    }).finally(() => this.#socket.removeAllListeners("close")) as Promise<{ status: number; body: string }>;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const head = this.#held.indexOf("\r\n\r\n");
    if (head < 0) return;
    const headers = this.#held.toString("latin1", 0, head);
    const length = Number(/^content-length: (\d+)/im.exec(headers)?.[1] ?? 0);
    if (this.#held.length < head + 4 + length) return;
    const body = this.#held.toString("latin1", head + 4, head + 4 + length);
    this.#held = Buffer.alloc(0);
    this.#answered({ status: Number(headers.slice(9, 12)), body });
  }
}
