import { expect, test } from "vitest";
import {
  advance,
  asOf,
  newOrder,
  type OrderEvent,
  type OrderState,
  statusesOf,
} from "../../src/acme/order.ts";

const hour = 3_600_000;
const born = newOrder("1", "identifier", "token", 0, hour);
const events: Record<OrderEvent["name"], OrderEvent> = {
  proved: { name: "proved", key: { spkiHash: "aa", facts: {}, madeAt: 0 } },
  failed: { name: "failed", refusal: { type: "badAttestationStatement", detail: "x" } },
  issued: { name: "issued", certificate: { fingerprint: "ff", pem: "" } },
};

test("everything is born pending", () => {
  expect(statusesOf(born)).toEqual({ order: "pending", authorization: "pending", challenge: "pending" });
});

test.each<[OrderState, OrderEvent["name"], OrderState | undefined]>([
  ["waiting", "proved", "proven"],
  ["waiting", "failed", "refused"],
  ["waiting", "issued", undefined],
  ["proven", "proved", undefined],
  ["proven", "failed", undefined],
  ["proven", "issued", "issued"],
  ["refused", "proved", undefined],
  ["refused", "issued", undefined],
  ["issued", "issued", undefined],
  ["issued", "failed", undefined],
  ["lapsed", "proved", undefined],
])("what is %s and %s becomes %s", (state, event, next) => {
  const advanced = advance({ ...born, state }, events[event], 1);

  expect(advanced.ok ? advanced.value.state : undefined).toBe(next);
});

test("an order that waited too long is over; one that was issued stays", () => {
  expect(statusesOf(asOf(born, hour)).order).toBe("invalid");
  expect(advance({ ...born, state: "proven" }, events.issued, hour).ok).toBe(false);
  expect(asOf({ ...born, state: "issued" }, 10 * hour).state).toBe("issued");
});

test("what was proven stays with the order", () => {
  const proven = advance(born, events.proved, 7);

  expect(proven.ok && proven.value).toMatchObject({ provenAt: 7, key: { spkiHash: "aa" }, token: "token" });
});
