import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { onTestFinished, vi } from "vitest";
import { ask } from "./admin.ts";

// Somebody's server that webhooks go to. What it takes it has verified as Standard Webhooks' own library does.

export type Delivery = {
  id: string;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks into is what the test says it is
  json: any;
};

type Answering = (delivery: Delivery) => Response | Promise<Response> | "no answer";

export class Receiver {
  readonly url: string;
  /** What it answered with 2xx, in the order in which it did. */
  readonly taken: Delivery[] = [];
  /** All that came. */
  readonly seen: Delivery[] = [];
  secret = "";
  answer: Answering = () => new Response("ok");

  constructor(url: string) {
    this.url = url;
  }

  async receive(request: Request): Promise<Response> {
    const text = await request.text();
    const { headers } = request;
    if (this.secret) new StandardWebhook(this.secret).verify(text, Object.fromEntries(headers));
    const delivery = { id: headers.get("webhook-id") ?? "", headers, text, json: JSON.parse(text) };
    this.seen.push(delivery);
    const answer = await this.answer(delivery);
    if (answer === "no answer") throw new TypeError("Network connection lost.");
    if (answer.ok) this.taken.push(delivery);
    return answer;
  }
}

/** From now on to the end of the test it answers at that address; nobody else does. */
export function receiver(url = "https://hooks.example.com/in"): Receiver {
  const there = new Receiver(url);
  const others = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    return request.url === url ? there.receive(request) : others(request);
  });
  onTestFinished(() => spy.mockRestore());
  return there;
}

/** A webhook to that receiver, which knows its secret. */
export async function hookTo(there: Receiver, more: object = {}): Promise<string> {
  const json = { name: "test", url: there.url, ...more };
  const made = await ask("POST", "/api/v1/webhooks", { json });
  if (made.status !== 201) throw new Error(made.text);
  there.secret = made.json.secret;
  onTestFinished(async () => {
    await ask("DELETE", `/api/v1/webhooks/${made.json.id}`);
  });
  return made.json.id;
}

export const hookObject = (id: string) => env.WEBHOOK.getByName(id);

/** Its next turn, now: woken first if it sleeps. */
export async function turn(id: string): Promise<void> {
  if ((await lookTime(id)) === null) await hookObject(id).wake();
  await runDurableObjectAlarm(hookObject(id));
}

/** When it will look by itself. */
export const lookTime = (id: string): Promise<number | null> =>
  runInDurableObject(hookObject(id), (_, state) => state.storage.getAlarm());

/** Turn after turn until nothing waits and nothing is new. The clock is the test's: what waits for later is due at once. */
export async function drain(id: string, mostTurns = 200): Promise<void> {
  for (let turns = 0; turns < mostTurns; turns++) {
    const before = await hookObject(id).report();
    await hurry(id);
    await turn(id);
    const after = await hookObject(id).report();
    const last = await env.DB.prepare("SELECT max(id) AS id FROM events").first<{ id: number }>();
    if (before && after?.waiting === 0 && after.cursor >= (last?.id ?? 0)) return;
  }
  throw new Error(`${id} is not done after ${mostTurns} turns`);
}

/** As if the time had come for whatever waits. */
export const hurry = (id: string): Promise<void> =>
  runInDurableObject(hookObject(id), async (_, { storage }) => {
    const progress = storage.kv.get<{ retryAt: number }>("progress");
    if (progress) storage.kv.put("progress", { ...progress, retryAt: 0 });
    if (progress) storage.sql.exec("UPDATE waiting SET due_at = 0");
    await storage.setAlarm(Date.now() + 60_000);
  });

let seq = 0;

/** Rows of the log, as if devices had told them. */
export async function happen(
  events: readonly { device: string; name?: string; detail?: object; user?: string; at?: number }[],
): Promise<void> {
  const rows = events.map(
    ({ device, name = "command.queued", detail = {}, user = null, at = Date.now() }) => ({
      device,
      seq: ++seq,
      name,
      detail: JSON.stringify(detail),
      user,
      at,
    }),
  );
  await env.DB.prepare(
    `INSERT INTO events (device_id, seq, name, user_id, detail, at)
     SELECT value ->> 'device', value ->> 'seq', value ->> 'name', value ->> 'user', value ->> 'detail', value ->> 'at'
     FROM json_each(?)`,
  )
    .bind(JSON.stringify(rows))
    .run();
}
