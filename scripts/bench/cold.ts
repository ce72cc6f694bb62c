// The first request of a fresh isolate: V8 compiles what runs for the first time, and on the Free plan even that
// request has 10 ms. workerd is started anew for each, and its processor time is counted from when it listens.
import { connect } from "node:net";
import type { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";
import { asSent, type BenchDevice } from "./fleet.ts";

export type ColdFigures = { name: string; least: number; middle: number };

const rounds = 7;

export async function coldFigures(server: BareServer, fleet: readonly BenchDevice[]): Promise<ColdFigures[]> {
  const get = (path: string) => asSent(new Request(`http://localhost${path}`));
  const [one, other] = fleet;
  if (!one || !other) throw new Error("no devices");
  const first = (name: string, socket: string, bytes: Uint8Array) =>
    measure(name, server, async () => once(server.worker.portOf(socket), bytes));
  return [
    await first("bare Worker", "bare", await get("/")),
    await first("health", "edgemdm", await get("/healthz")),
    await first("idle connect, iPhone", "edgemdm", (await one.idle()).bytes),
    await first("idle connect, Mac", "edgemdm", (await other.idle()).bytes),
  ];
}

async function measure(name: string, server: BareServer, act: () => Promise<void>): Promise<ColdFigures> {
  const figures: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await server.killWorker();
    await server.startWorker();
    await settled(server.worker.pid);
    const before = cpuMs(server.worker.pid);
    await act();
    figures.push(cpuMs(server.worker.pid) - before);
  }
  figures.sort((a, b) => a - b);
  return { name, least: figures[0] ?? 0, middle: figures[Math.floor(rounds / 2)] ?? 0 };
}

/** What the start itself set going, such as warming up, belongs to the start. */
async function settled(pid: number): Promise<void> {
  for (let before = -1, now = cpuMs(pid); now !== before; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    before = now;
    now = cpuMs(pid);
  }
}

const once = (port: number, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(bytes));
    socket.once("error", reject);
    socket.once("data", (answer) => {
      socket.destroy();
      const status = answer.toString("latin1", 9, 12);
      if (status === "200") resolve();
      else reject(new Error(`the first request is answered ${status}`));
    });
  });
