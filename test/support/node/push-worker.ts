import { fileURLToPath } from "node:url";
import type { createTestHarness } from "wrangler";
import { toBase64 } from "../../../src/base/bytes.ts";
import type { PushOrder, PushReport } from "../push-order.ts";
import { type TestIdentity, testTopic } from "../test-pki.ts";

/** The Worker of test/support/push-worker.ts, running in workerd. */
export class PushWorker {
  readonly #harness: ReturnType<typeof createTestHarness>;

  private constructor(harness: ReturnType<typeof createTestHarness>) {
    this.#harness = harness;
  }

  static async start(): Promise<PushWorker> {
    // Loaded when asked for: drills have a page of help.
    const { createTestHarness } = await import("wrangler");
    const harness = createTestHarness({
      root: fileURLToPath(new URL("../../..", import.meta.url)),
      workers: [
        {
          config: {
            name: "push-worker",
            main: "test/support/push-worker.ts",
            compatibility_date: "2026-10-01",
            durable_objects: { bindings: [{ name: "PUSHER", class_name: "Pusher" }] },
            migrations: [{ tag: "v1", new_sqlite_classes: ["Pusher"] }],
          },
        },
      ],
    });
    await harness.listen();
    return new PushWorker(harness);
  }

  async push(order: PushOrder): Promise<PushReport> {
    const response = await this.#harness.fetch("/", { method: "POST", body: JSON.stringify(order) });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`the push worker answered ${response.status}: ${text}`);
    return JSON.parse(text) as PushReport;
  }

  stop(): Promise<void> {
    return this.#harness.close();
  }
}

export const pushOrder = (
  port: number,
  { root, client }: { root: TestIdentity; client: TestIdentity },
  more: Partial<PushOrder> = {},
): PushOrder => ({
  host: "localhost",
  port,
  certificates: [toBase64(client.certificate.der)],
  privateKey: toBase64(client.keys.pkcs8),
  addedRoots: root.certificatePem,
  topic: testTopic,
  tokens: ["00".repeat(32)],
  connectTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  maxStreams: 1000,
  ...more,
});
