import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { FakeApns } from "../../test/support/node/fake-apns.ts";
import { testPki, testTopic } from "../../test/support/test-pki.ts";
import { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";
import { request } from "../request.ts";
import { Trouble } from "../trouble.ts";

// 10,000 pushes through the gateway object of the built Worker, one call each as devices' objects make it, over one
// connection to a fake APNs in this process. Its processor time includes the calls.

const project = resolve(import.meta.dirname, "../..");
const patienceMs = 120_000;

export type GatewayFigures = {
  pushes: number;
  connections: number;
  "wall ms": number;
  "CPU ms a push": number;
};

export async function benchGateway(pushes: number): Promise<GatewayFigures> {
  const folder = mkdtempSync(join(tmpdir(), "edgemdm-push-"));
  const pki = await testPki("RSA-2048", "RSA-2048");
  const apns = await FakeApns.start({ server: pki.server, clientRoot: pki.root });
  const server = await BareServer.start(
    project,
    folder,
    [
      {
        name: "caller",
        module: resolve(import.meta.dirname, "push-caller.js"),
        objectsOf: { GATEWAY: { service: "edgemdm", object: "PushGateway" } },
      },
    ],
    { PUSH_HOST: "localhost", PUSH_PORT: String(apns.port), PUSH_ROOTS: pki.root.certificatePem },
  );
  try {
    const json = { certificate: pki.client.certificatePem, private_key: pki.client.keyPem };
    const added = await server.request("/api/v1/push-certificates", { method: "POST", json });
    if (added.status !== 201) throw new Trouble(`the push certificate was answered ${added.status}`);
    await call(server, 1_000);
    const [before, connections] = [cpuMs(server.worker.pid), apns.connections];
    const started = performance.now();
    await call(server, pushes);
    return {
      pushes,
      connections: 1 + apns.connections - connections,
      "wall ms": Math.round(performance.now() - started),
      "CPU ms a push": Number(((cpuMs(server.worker.pid) - before) / pushes).toFixed(3)),
    };
  } finally {
    await server.stop();
    await apns.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function call(server: BareServer, count: number): Promise<void> {
  const url = server.worker.originOf("caller");
  const answer = await request(url, { method: "POST", json: { topic: testTopic, count }, patienceMs });
  const outcomes = JSON.parse(answer.body);
  if (outcomes.delivered !== count) throw new Trouble(`of ${count} pushes: ${answer.body}`);
}
