import { readdirSync, readFileSync } from "node:fs";
import { FakeApns } from "../../test/support/node/fake-apns.ts";
import { PushWorker, pushOrder } from "../../test/support/node/push-worker.ts";
import type { PushOrder } from "../../test/support/push-order.ts";
import { type KeyKind, testPki } from "../../test/support/test-pki.ts";
import { readArguments } from "../arguments.ts";
import { canMeasure, cpuMs } from "../process-figures.ts";
import { run } from "../run.ts";
import { Trouble } from "../trouble.ts";
import { benchGateway } from "./push-gateway.ts";

// What a handshake and a push cost: the push client in workerd against a fake APNs in this process, over loopback.
// Run: node scripts/bench/push.ts. Processor time is that of workerd, where the client runs; it includes the
// sockets' share, which Cloudflare does not bill.

const handshakes = 200;
const pushes = 10_000;

/** Of every workerd that this process has started: one runs the Worker, another stands in front of it. */
const workerdCpuMs = (): number =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isOurWorkerd(name))
    .reduce((sum, pid) => sum + cpuMs(Number(pid)), 0);

function isOurWorkerd(pid: string): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return /^Name:\s+workerd$/m.test(status) && new RegExp(`^PPid:\\s+${process.pid}$`, "m").test(status);
  } catch {
    // It ended while we looked.
    return false;
  }
}

async function measured(work: () => Promise<unknown>): Promise<{ cpu: number; wall: number }> {
  const [cpu, wall] = [workerdCpuMs(), performance.now()];
  await work();
  return { cpu: workerdCpuMs() - cpu, wall: performance.now() - wall };
}

const tokens = Array.from({ length: pushes }, (_, index) => index.toString(16).padStart(64, "0"));

async function bench(
  worker: PushWorker,
  version: "TLSv1.2" | "TLSv1.3",
  keys: { server: KeyKind; client: KeyKind },
): Promise<Record<string, string | number>> {
  const pki = await testPki(keys.server, keys.client);
  const apns = await FakeApns.start({ server: pki.server, clientRoot: pki.root, version });
  const order = (more: Partial<PushOrder>) => worker.push(pushOrder(apns.port, pki, more));
  try {
    await order({ opens: 20, tokens: tokens.slice(0, 1000) });
    const opening = await measured(() => order({ opens: handshakes, tokens: [] }));
    const pushing = await measured(async () => {
      const { outcomes } = await order({ tokens });
      const delivered = outcomes.filter(({ outcome }) => outcome === "delivered").length;
      if (delivered !== pushes) throw new Error(`${delivered} of ${pushes} pushes were delivered`);
    });
    const each = (value: number, count: number) => Number((value / count).toFixed(3));
    return {
      TLS: version,
      "server key": keys.server,
      "client key": keys.client,
      "handshake, CPU ms": each(opening.cpu, handshakes),
      "handshake, wall ms": each(opening.wall, handshakes),
      "push, CPU ms": each(pushing.cpu, pushes),
      [`${pushes} pushes, wall ms`]: Math.round(pushing.wall),
    };
  } finally {
    await apns.stop();
  }
}

await run(async () => {
  readArguments({
    name: "npm run bench:push",
    does: "What a handshake with Apple and a push cost, against a stand-in. Takes some minutes, on Linux.",
    options: {},
  });
  if (!canMeasure) throw new Trouble("the bench reads processor time from /proc, which only Linux has");
  const worker = await PushWorker.start();
  try {
    const rows = [];
    for (const version of ["TLSv1.3", "TLSv1.2"] as const) {
      for (const client of ["RSA-2048", "P-256"] as const) {
        rows.push(await bench(worker, version, { server: "RSA-2048", client }));
      }
    }
    console.table(rows);
    console.table([await benchGateway(pushes)]);
  } finally {
    await worker.stop();
  }
});
