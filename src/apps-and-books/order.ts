import { isObject, type JsonObject, listAt, textAt } from "../ade/json.ts";
import { type ContentError, readError } from "./answer.ts";
import type { AssetKey } from "./asset.ts";

// What is written is taken as an order, under the id of an event. What came of it is told later.

export type LicenceOrder = {
  assets: readonly AssetKey[];
  serialNumbers: readonly string[];
  clientUserIds: readonly string[];
};

/** Every asset goes to every holder. */
export const orderBody = ({ assets, serialNumbers, clientUserIds }: LicenceOrder): JsonObject => ({
  ...(assets.length > 0 && {
    assets: assets.map(({ adamId, pricing }) => ({ adamId, pricingParam: pricing })),
  }),
  ...(serialNumbers.length > 0 && { serialNumbers }),
  ...(clientUserIds.length > 0 && { clientUserIds }),
});

/** In what a path holds. */
export const isEventId = (text: string): boolean => /^[\w-]{1,100}$/.test(text);

export function readEventId(body: JsonObject): string | undefined {
  const id = textAt(body, "eventId");
  return id !== undefined && isEventId(id) ? id : undefined;
}

export type OrderStatus = {
  state: "pending" | "complete" | "failed";
  failures: ContentError[];
};

const states: Readonly<Record<string, OrderStatus["state"]>> = {
  PENDING: "pending",
  COMPLETE: "complete",
  FAILED: "failed",
};
const mostFailures = 1000;

export function readOrderStatus(body: JsonObject): OrderStatus | undefined {
  const word = textAt(body, "eventStatus") ?? "";
  const state = Object.hasOwn(states, word) ? states[word] : undefined;
  if (!state) return undefined;
  const failures = (listAt(body, "failures") ?? []).slice(0, mostFailures).filter(isObject);
  return { state, failures: failures.flatMap((failure) => readError(failure) ?? []) };
}
