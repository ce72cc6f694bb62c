import { ok, type Result, refuse } from "../base/result.ts";
import type { AttestedFacts } from "./attested-facts.ts";
import type { AcmeRefusal } from "./problem.ts";

/**
 * An order with its one authorization and its one challenge (RFC 8555 section 7.1.6): its transitions, as a table. Apple's
 * client handles one authorization and remembers the last challenge in it, so there is never a second.
 *
 * The surprise: nothing is ever `processing`. The client polls only once, so each request is finished at once.
 */
export type OrderState = keyof typeof statuses;

/** The statuses of the three resources in each state. */
const statuses = {
  waiting: { order: "pending", authorization: "pending", challenge: "pending" },
  proven: { order: "ready", authorization: "valid", challenge: "valid" },
  refused: { order: "invalid", authorization: "invalid", challenge: "invalid" },
  lapsed: { order: "invalid", authorization: "expired", challenge: "invalid" },
  issued: { order: "valid", authorization: "valid", challenge: "valid" },
} as const;

export type OrderEvent =
  | { name: "proved"; key: ProvenKey }
  | { name: "failed"; refusal: AcmeRefusal }
  | { name: "issued"; certificate: IssuedCertificate };

/** The attested key and device of the order; undefined: nothing was attested, and the policy allows that. */
export type ProvenKey = { spkiHash: string; facts: AttestedFacts; madeAt: number } | undefined;

export type IssuedCertificate = {
  fingerprint: string;
  /** The chain, leaf first. */
  pem: string;
};

export type Order = {
  id: string;
  state: OrderState;
  identifier: string;
  token: string;
  createdAt: number;
  expiresAt: number;
  provenAt?: number;
  key?: ProvenKey;
  error?: AcmeRefusal;
  certificate?: IssuedCertificate;
};

const transitions: {
  readonly [State in OrderState]: { readonly [Name in OrderEvent["name"]]?: OrderState };
} = {
  waiting: { proved: "proven", failed: "refused" },
  proven: { issued: "issued" },
  refused: {},
  lapsed: {},
  issued: {},
};

export const newOrder = (
  id: string,
  identifier: string,
  token: string,
  now: number,
  lifetimeMs: number,
): Order => ({
  id,
  state: "waiting",
  identifier,
  token,
  createdAt: now,
  expiresAt: now + lifetimeMs,
});

/** The order at the present time, which may have expired. */
export const asOf = (order: Order, now: number): Order =>
  (order.state === "waiting" || order.state === "proven") && order.expiresAt <= now
    ? { ...order, state: "lapsed" }
    : order;

export type AdvanceRefusal = { reason: "no-transition"; state: OrderState };

export function advance(order: Order, event: OrderEvent, now: number): Result<Order, AdvanceRefusal> {
  const present = asOf(order, now);
  const state = transitions[present.state][event.name];
  if (!state) return refuse({ reason: "no-transition", state: present.state });
  switch (event.name) {
    case "proved":
      return ok({ ...present, state, provenAt: now, ...(event.key && { key: event.key }) });
    case "failed":
      return ok({ ...present, state, error: event.refusal });
    case "issued":
      return ok({ ...present, state, certificate: event.certificate });
  }
}

export const statusesOf = ({ state }: Order): (typeof statuses)[OrderState] => statuses[state];
