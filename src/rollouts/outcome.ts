import type { ItemState } from "../db/rollout-progress.ts";
import type { RolloutItem } from "../db/rollouts.ts";
import type { RingCounts } from "../db/schema/rollouts.ts";
import { noCounts } from "./judge.ts";

/** How far one device is that a rollout has reached. Pure. */
type Outcome = "succeeded" | "failed" | "silent" | "waiting" | "not_applicable";

type Change = Pick<RolloutItem, "kind" | "identifier" | "change" | "version">;

type Opening = {
  openedAt: number;
  /** From when on a device without an outcome is silent. */
  silentAt: number;
  /** The tokens of declarations that are the same on every device. */
  tokens: ReadonlyMap<string, string>;
};

export function outcomeOf(
  items: readonly Change[],
  states: readonly ItemState[],
  { openedAt, silentAt, tokens }: Opening,
  now: number,
): Outcome {
  const each = items.map((item) => {
    const own = states.filter(({ kind, identifier }) => kind === item.kind && identifier === item.identifier);
    if (item.change === "removed") return own.length === 0 ? "succeeded" : removalOf(own, openedAt);
    // A device with several channels has the item on those that have the set.
    return worst(own.map((state) => itemOutcome(item, state, openedAt, tokens)));
  });
  const found = worst(each);
  if (found !== "waiting") return found;
  return silentAt <= now ? "silent" : "waiting";
}

const removalOf = (states: readonly ItemState[], openedAt: number): Outcome =>
  states.some(({ state, updatedAt }) => state === "failed" && updatedAt >= openedAt) ? "failed" : "waiting";

function itemOutcome(
  { kind, version }: Change,
  state: ItemState,
  openedAt: number,
  tokens: ReadonlyMap<string, string>,
): Outcome {
  const token = kind === "declaration" ? tokens.get(state.identifier) : undefined;
  const isNew =
    token === undefined
      ? (version !== null && state.version === version) || state.updatedAt >= openedAt
      : token === state.serverToken;
  switch (state.state) {
    case "installed":
      return version === null || state.version === version ? "succeeded" : "waiting";
    case "active":
      return isNew ? "succeeded" : "waiting";
    // An activation whose condition is not met on the device.
    case "inactive":
      return isNew ? "succeeded" : "waiting";
    case "failed":
    case "invalid":
    case "unknown_to_device":
      return isNew ? "failed" : "waiting";
    case "not_applicable":
      return isNew ? "not_applicable" : "waiting";
    default:
      return "waiting";
  }
}

const order: readonly Outcome[] = ["failed", "waiting", "silent", "succeeded", "not_applicable"];

const worst = (all: readonly Outcome[]): Outcome => order.find((one) => all.includes(one)) ?? "waiting";

export function counted(
  counts: readonly RingCounts[],
  ring: number,
  outcome: Outcome | undefined,
): RingCounts[] {
  return counts.map((one, index) => {
    if (index !== ring) return one;
    const devices = one.devices + 1;
    if (outcome === undefined) return { ...one, devices };
    const name = outcome === "not_applicable" ? "notApplicable" : outcome;
    return { ...one, devices, reached: one.reached + 1, [name]: one[name] + 1 };
  });
}

export const emptyCounts = (rings: number): RingCounts[] =>
  Array.from({ length: rings }, () => ({ ...noCounts }));
