import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { lastEventId } from "../../../src/db/events.ts";
import { openDb } from "../../../src/db/open.ts";
import { mostListeners } from "../../../src/events/feed-object.ts";
import { adminToken, ask, origin } from "../../support/admin.ts";
import { happen } from "../../support/receiver.ts";

const last = () => lastEventId(openDb(env.DB));
const since = async (more = "") => `/api/v1/events?after=${await last()}${more}`;
const soon = (ms = 300) => new Promise((done) => setTimeout(done, ms));

beforeEach(() => happen([{ device: "EARLIER" }]));

describe("what came after an event", () => {
  test("is listed oldest first, and leads on", async () => {
    const path = await since();
    await happen([..."ABC"].map((device) => ({ device })));

    const first = (await ask("GET", `${path}&limit=2`)).json;
    const second = (await ask("GET", `/api/v1/events?after=${first.next_after}&limit=2`)).json;
    const third = (await ask("GET", `/api/v1/events?after=${second.next_after}`)).json;

    const devices = ({ items }: typeof first) => items.map((item: { device_id: string }) => item.device_id);
    expect([devices(first), devices(second), devices(third)]).toEqual([["A", "B"], ["C"], []]);
    expect(third.next_after).toBe(await last());
  });

  test("is waited for, and no longer than until it happens", async () => {
    const waiting = ask("GET", await since("&wait=25&device=B"));
    await soon();
    await happen([{ device: "A" }]);
    await soon();
    await happen([{ device: "B" }]);

    const { json } = await waiting;

    expect(json.items.map((item: { device_id: string }) => item.device_id)).toEqual(["B"]);
  });

  test("and does not come is an empty answer after the time, which says how far it looked", async () => {
    const path = await since("&wait=1&name=nothing.such");
    await happen([{ device: "A" }]);

    const { json } = await ask("GET", path);

    expect(json).toMatchObject({ items: [], next_after: await last() });
  });

  test("is not waited for by more than so many at once", async () => {
    const path = await since("&wait=25");
    const statuses: number[] = [];
    const all = Array.from({ length: mostListeners + 5 }, async () => {
      statuses.push((await ask("GET", path)).status);
    });
    await expect.poll(() => statuses, { timeout: 20_000 }).toEqual([429, 429, 429, 429, 429]);

    await happen([{ device: "A" }]);

    await Promise.all(all);
    expect(statuses.slice(5)).toEqual(Array.from({ length: mostListeners }, () => 200));
  });
});

describe("server-sent events", () => {
  const open = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await exports.default.fetch(origin + path, {
      headers: { Authorization: `Bearer ${adminToken}`, Accept: "text/event-stream", ...headers },
    });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    const until = async (wanted: string): Promise<string> => {
      while (!text.includes(wanted)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`ended with ${text}`);
        text += new TextDecoder().decode(value);
      }
      return text;
    };
    return { answer, until, close: () => reader.cancel() };
  };

  test("begin now, and tell each event under its id", async () => {
    const { answer, until, close } = await open("/api/v1/events?device=A");
    expect(answer.headers.get("Content-Type")).toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    await until("retry:");
    await happen([{ device: "B" }, { device: "A", name: "command.finished", detail: { uuid: "U" } }]);

    const text = await until("\n\nid:");

    const [, event = ""] = text.split("\n\n");
    expect(event).toMatch(/^id: \d+\nevent: command\.finished\ndata: \{/);
    expect(text).not.toContain('"B"');
    await close();
  });

  test("go on where a client was", async () => {
    const was = await last();
    await happen([{ device: "MISSED" }]);

    const { until, close } = await open("/api/v1/events", { "Last-Event-ID": String(was) });

    expect(await until("MISSED")).toContain(`id: ${was + 1}\n`);
    await close();
  });
});
