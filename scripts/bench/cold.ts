// The first request of a fresh isolate: V8 compiles what runs for the first time, and on the Free plan even that
// request has 10 ms. workerd is started again for each, and its processor time is counted from when it listens.
import { connect } from "node:net";
import type { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";
import { acmeRequests } from "./acme-requests.ts";
import { adeRequest } from "./ade-request.ts";
import { asSent, type BenchDevice, commandBody } from "./fleet.ts";

export type ColdFigures = { name: string; least: number; middle: number };

const rounds = 9;

export async function coldFigures(server: BareServer, fleet: readonly BenchDevice[]): Promise<ColdFigures[]> {
  const [one, other] = fleet;
  if (!one || !other) throw new Error("no devices");
  const get = (path: string, headers = {}) => asSent(new Request(`http://localhost${path}`, { headers }));
  const note = { headers: { "x-object": "cold", "x-uuid": "cold" } };
  await fetch(`${server.worker.originOf("bare")}/create`, note);
  const figures = [
    await measure("fresh isolate, at least: a bare Worker", server, "bare", again(await get("/"))),
    await measure(
      "fresh isolate: a bare Worker with the least object",
      server,
      "bare",
      again(await get("/enqueue", note.headers)),
    ),
    await measure("fresh isolate: `/healthz`", server, "edgemdm", again(await get("/healthz"))),
    await measure(
      "fresh isolate: connect, idle, of an iPhone",
      server,
      "edgemdm",
      again((await one.idle()).bytes),
    ),
    await measure(
      "fresh isolate: connect, idle, of a Mac",
      server,
      "edgemdm",
      again((await other.idle()).bytes),
    ),
  ];
  // What nobody answers is sent again at each connect.
  await server.queue(one.device.id, commandBody(crypto.randomUUID().toUpperCase()));
  const fetching = again((await one.idle()).bytes);
  const enrolling: Uint8Array[] = [];
  for (let round = 0; round < rounds; round++) enrolling.push(await one.certificateRequest(server));
  return [
    ...figures,
    await measure("fresh isolate: connect that fetches a command", server, "edgemdm", fetching),
    await measure("fresh isolate: SCEP, a certificate", server, "edgemdm", enrolling),
    await measure(
      "fresh isolate: ADE, a profile",
      server,
      "edgemdm",
      again(await adeRequest(server, one.device)),
    ),
    await measure(
      "fresh isolate: ACME, an order",
      server,
      "edgemdm",
      await acmeRequests(server, "new-order", rounds),
    ),
    await measure(
      "fresh isolate: ACME, an attestation",
      server,
      "edgemdm",
      await acmeRequests(server, "challenge", rounds),
    ),
    await measure(
      "fresh isolate: ACME, a certificate",
      server,
      "edgemdm",
      await acmeRequests(server, "finalize", rounds),
    ),
  ];
}

const again = (request: Uint8Array): Uint8Array[] => Array.from({ length: rounds }, () => request);

export async function measure(
  name: string,
  server: BareServer,
  socket: string,
  requests: readonly Uint8Array[],
): Promise<ColdFigures> {
  const figures: number[] = [];
  for (const request of requests) {
    await server.killWorker();
    await server.startWorker();
    await settled(server.worker.pid);
    const before = cpuMs(server.worker.pid);
    await answered(server.worker.portOf(socket), request);
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

const answered = (port: number, request: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(request));
    socket.once("error", reject);
    socket.once("data", (answer) => {
      socket.destroy();
      const status = answer.toString("latin1", 9, 12);
      if (status === "200" || status === "201") resolve();
      else reject(new Error(`the first request is answered ${status}`));
    });
  });
