// What an administrator's POST, the request for a certificate and a log line cost, by processor time of workerd alone. The
// stand-in for D1 is asked over HTTP; what one such question costs the asking side is measured in the same rounds, so that
// each figure can also be told without it.
import { setTimeout as pause } from "node:timers/promises";
import type { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";
import type { BenchDevice } from "./fleet.ts";
import { Meter, type MeterFigures } from "./meter.ts";

const warmUps = 2;
const rounds = 3;
const eachRound = 128;
const certificatesEachRound = 48;
/** So many that the request that asks for them does not count. */
const linesEach = 100;
/** Alarms that tell the directory are no part of a request. */
const outboxMs = 2_500;

export async function measureAdministrators(
  server: BareServer,
  fleet: readonly BenchDevice[],
): Promise<MeterFigures[]> {
  const clients = await clientsOf(server);
  const meter = new Meter(server);
  for (let round = -warmUps; round < rounds; round++) {
    const requests: (() => Promise<unknown>)[] = [];
    for (let at = 0; at < certificatesEachRound; at++) {
      const message = await fleet[at % fleet.length]?.certificateRequest(server);
      requests.push(() => clients.certify(message ?? new Uint8Array()));
    }
    await pause(outboxMs);
    const counts = round >= 0;
    const each = (job: (at: number) => Promise<unknown>) =>
      Array.from({ length: eachRound }, (_, at) => () => job(at));
    await meter.measure("one question to D1's stand-in", counts, each(clients.question));
    await meter.measure("a log line", counts, each(clients.log), eachRound * linesEach);
    await meter.measure(
      "awake: command queued by POST, with its audit entry in D1",
      counts,
      each((at) => clients.command(fleet[at % fleet.length]?.device.id ?? "")),
    );
    await meter.measure("SCEP, a certificate", counts, requests);
  }
  return meter.figures();
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
  const command = {
    request_type: "DeviceInformation",
    payload: {
      Queries: ["DeviceName", "OSVersion", "BuildVersion", "ProductName", "SerialNumber", "BatteryLevel"],
    },
  };
  return {
    question: () => bare("asking"),
    log: () => bare("bare", "/", { headers: { "x-lines": String(linesEach) } }),
    command: (id: string) => posted(`/api/v1/devices/${id}/commands?push=false`, command),
    async certify(message: Uint8Array) {
      const body = Buffer.from(message.subarray(Buffer.from(message).indexOf("\r\n\r\n") + 4));
      const answer = await fetch(`${server.origin}/scep?operation=PKIOperation`, { method: "POST", body });
      if (!answer.ok) throw new Trouble(`SCEP is answered ${answer.status}`);
      await answer.arrayBuffer();
    },
  };
}
