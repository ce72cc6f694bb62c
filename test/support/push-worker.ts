import { DurableObject } from "cloudflare:workers";
import type { PushOutcome, PushRequest } from "../../src/apns/apns.ts";
import { openApnsConnection } from "../../src/apns/client.ts";
import { pushRoots } from "../../src/apns/roots.ts";
import type { ApnsConnection } from "../../src/apns/transport.ts";
import { fromBase64, fromHex } from "../../src/base/bytes.ts";
import type { PushOrder, PushReport } from "./push-order.ts";

// A Worker that does nothing but push: what tests and the benchmark run in workerd, against a fake APNs outside it.

type Bindings = { PUSHER: DurableObjectNamespace<Pusher> };

export class Pusher extends DurableObject<Bindings> {
  #connection: ApnsConnection | undefined;

  override async fetch(request: Request): Promise<Response> {
    return Response.json(await this.#run(await request.json<PushOrder>()));
  }

  async #run(order: PushOrder): Promise<PushReport> {
    const start = performance.now();
    const isReused = this.#connection?.isUsable === true;
    for (let left = (order.opens ?? 1) - 1; left > 0; left--) await openAndClose(order);
    const opened = isReused ? undefined : await openApnsConnection(optionsOf(order));
    const openMs = performance.now() - start;
    if (opened && !opened.ok) return { refusal: opened.refusal, outcomes: [], openMs, pushMs: 0, isReused };
    this.#connection = opened?.value ?? this.#connection;
    const outcomes = await Promise.all(
      order.tokens.map((token) => this.#connection?.push(requestOf(order, token)) as Promise<PushOutcome>),
    );
    const pushMs = performance.now() - start - openMs;
    if (!order.keepOpen) await this.#connection?.close();
    return { outcomes, openMs, pushMs, isReused };
  }
}

async function openAndClose(order: PushOrder): Promise<void> {
  const opened = await openApnsConnection(optionsOf(order));
  if (!opened.ok) throw new Error(opened.refusal.detail);
  await opened.value.close();
}

const optionsOf = (order: PushOrder) => ({
  ...order,
  certificates: order.certificates.map(bytesOf),
  privateKey: bytesOf(order.privateKey),
  roots: pushRoots(order.addedRoots),
  now: Date.now(),
});

const requestOf = ({ topic }: PushOrder, token: string): PushRequest => ({
  token: fromHex(token) ?? new Uint8Array(),
  topic,
  PushMagic: "5B0E2C4D-test",
  expiration: 0,
  priority: 10,
});

function bytesOf(text: string) {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new Error("not base64");
  return bytes;
}

export default {
  fetch: (request, env) => env.PUSHER.getByName("one").fetch(request),
} satisfies ExportedHandler<Bindings>;
