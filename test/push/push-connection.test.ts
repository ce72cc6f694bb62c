import { expect, test } from "vitest";
import type { PushOutcome, PushRequest } from "../../src/apns/apns.ts";
import type { ApnsConnection } from "../../src/apns/transport.ts";
import { ok, refuse } from "../../src/base/result.ts";
import { PushConnection, type PushConnectionRefusal } from "../../src/push/push-connection.ts";
import { eventually } from "../support/eventually.ts";

// The line to Apple with a clock that only pauses move, and connections that say what they are told to.

type Next = PushConnectionRefusal | "opens";
const delivered: PushOutcome = { outcome: "delivered", id: undefined };
const lost: PushOutcome = { outcome: "retry", reason: "lost", afterSeconds: 0, scope: "connection" };
const unreachable: PushConnectionRefusal = { reason: "unreachable", detail: "nobody there" };

function lineTo(script: { opens?: Next[]; outcomes?: PushOutcome[]; idleMs?: number }) {
  const { opens = [], outcomes = [], idleMs = 60_000 } = script;
  const clock = { now: 1_000_000 };
  const pauses: number[] = [];
  const tried: Next[] = [];
  const sent: { token: string; at: number; connection: number }[] = [];
  const connections: { closed: boolean; usable: boolean; pings: number; isDead: boolean }[] = [];
  const connection = (): ApnsConnection => {
    const state = { closed: false, usable: true, pings: 0, isDead: false };
    connections.push(state);
    const number = connections.length;
    return {
      async push({ PushMagic }) {
        sent.push({ token: PushMagic, at: clock.now, connection: number });
        await Promise.resolve();
        const outcome = outcomes.shift() ?? delivered;
        if (outcome === lost) state.usable = false;
        return outcome;
      },
      async ping() {
        state.pings++;
        return !state.isDead;
      },
      async close() {
        state.closed = true;
      },
      get isUsable() {
        return state.usable;
      },
      unanswered: 0,
      ended: new Promise(() => {}),
    };
  };
  const line = new PushConnection({
    async open() {
      const next = opens.shift() ?? "opens";
      tried.push(next);
      return next === "opens" ? ok(connection()) : refuse(next);
    },
    idleMs: async () => idleMs,
    now: () => clock.now,
    async pause(ms) {
      pauses.push(ms);
      clock.now += ms;
    },
    random: () => 1,
  });
  const push = (token: string) => line.push(token, { PushMagic: token } as unknown as PushRequest);
  return { line, push, clock, pauses, tried, sent, connections };
}

test("pushes share one connection", async () => {
  const { push, connections } = lineTo({});

  await Promise.all(["a", "b", "c"].map(push));
  await push("d");

  expect(connections).toHaveLength(1);
});

test("pushes to one token that has not been sent to yet are one push", async () => {
  const { push, sent } = lineTo({});

  const answers = await Promise.all([push("a"), push("a"), push("b"), push("a")]);

  expect(answers).toEqual(Array(4).fill(delivered));
  expect(sent.map(({ token }) => token)).toEqual(["a", "b"]);
});

test("a push that comes within a second of another one goes out when the second is over", async () => {
  const { push, sent, clock } = lineTo({});
  await push("a");
  clock.now += 200;

  await Promise.all([push("a"), push("a")]);

  expect(sent.map(({ at }) => at)).toEqual([1_000_000, 1_001_000]);
});

test("a push that its connection took with it goes out over another one", async () => {
  const { push, connections, sent } = lineTo({ outcomes: [lost] });

  expect(await push("a")).toEqual(delivered);
  expect(sent.map(({ connection }) => connection)).toEqual([1, 2]);
  expect(connections[0]?.closed).toBe(true);
});

test("after three lost connections the caller is told", async () => {
  const { push, sent } = lineTo({ outcomes: [lost, lost, lost] });

  expect(await push("a")).toEqual(lost);
  expect(sent).toHaveLength(3);
});

test("a service that cannot be reached is tried again a little later each time", async () => {
  const { push, pauses, tried } = lineTo({ opens: [unreachable, unreachable] });

  expect(await push("a")).toEqual(delivered);
  expect(tried).toEqual([unreachable, unreachable, "opens"]);
  expect(pauses).toEqual([1_000, 2_000]);
});

test("a thousand pushes that fail together are one failure", async () => {
  const opens: Next[] = Array(3).fill(unreachable);
  const { push, tried } = lineTo({ opens });

  const answers = await Promise.all(Array.from({ length: 1000 }, (_, index) => push(String(index))));

  expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(["retry"]));
  expect(tried).toEqual([unreachable, unreachable, unreachable]);
  expect(await push("later")).toEqual(delivered);
});

test("a certificate that Apple refuses is not shown again for a minute, then for two", async () => {
  const refused: PushConnectionRefusal = { reason: "certificate-refused", detail: "revoked" };
  const { push, clock, connections } = lineTo({ opens: [refused, refused] });
  const trouble = { outcome: "certificate-trouble", reason: "revoked" };

  expect(await push("a")).toEqual(trouble);
  expect(await push("b")).toEqual(trouble);
  clock.now += 60_001;
  expect(await push("c")).toEqual(trouble);
  clock.now += 60_001;
  expect(await push("d")).toEqual(trouble);
  expect(connections).toHaveLength(0);
  clock.now += 60_001;

  expect(await push("e")).toEqual(delivered);
});

test("a reset makes the next push try at once, over a connection of its own", async () => {
  const none: PushConnectionRefusal = { reason: "no-certificate", detail: "none is here" };
  const { line, push, connections } = lineTo({ opens: [none] });
  expect(await push("a")).toEqual({ outcome: "no-certificate", reason: "none is here" });
  expect(await push("b")).toMatchObject({ outcome: "no-certificate" });

  await line.reset();
  expect(await push("c")).toEqual(delivered);
  await line.reset();
  await push("d");

  expect(connections.map(({ closed }) => closed)).toEqual([true, false]);
});

test("a service that asks for a pause gets it, and the pushes meanwhile are told", async () => {
  const busy: PushOutcome = {
    outcome: "retry",
    reason: "ServiceUnavailable",
    afterSeconds: 60,
    scope: "connection",
  };
  const { push, sent, clock } = lineTo({ outcomes: [busy] });

  expect(await push("a")).toEqual(busy);
  expect(await push("b")).toEqual(busy);
  expect(sent).toHaveLength(1);
  clock.now += 60_001;

  expect(await push("b")).toEqual(delivered);
});

test("what concerns one token keeps no other push back", async () => {
  const tooMany: PushOutcome = {
    outcome: "retry",
    reason: "TooManyRequests",
    afterSeconds: 60,
    scope: "token",
  };
  const { push } = lineTo({ outcomes: [tooMany] });

  expect(await push("a")).toEqual(tooMany);
  expect(await push("b")).toEqual(delivered);
});

test("after a silence the connection is asked whether it lives, and replaced if it does not", async () => {
  const { push, connections, clock } = lineTo({ idleMs: 3_600_000 });
  await push("a");
  clock.now += 31_000;
  await push("b");
  expect(connections.map(({ pings }) => pings)).toEqual([1]);
  Object.assign(connections[0] ?? {}, { isDead: true });
  clock.now += 31_000;

  expect(await push("c")).toEqual(delivered);
  expect(connections.map(({ closed }) => closed)).toEqual([true, false]);
});

test("a line without pushes is hung up, and opened again for the next one", async () => {
  const { push, connections } = lineTo({ idleMs: 5 });
  await push("a");

  await eventually(() => expect(connections[0]?.closed).toBe(true));
  await push("b");

  expect(connections).toHaveLength(2);
});
