import type { Json } from "../../plist/json.ts";
import type { DeviceFacts } from "../checkin.ts";

/**
 * A device's state from an answer, in our own terms: facts for the directory, Apple's values unchanged, and lists. The
 * readers in this folder make it; the device's object stores it.
 */
export type InventoryAnswer = {
  facts?: InventoryFacts;
  /** Facts that are also in check-ins, but more exact in an answer. */
  device?: DeviceFacts;
  values?: AnsweredValues;
  list?: AnsweredList;
};

/** Facts that the list of devices shows and filters. Absent: not in this answer; null: the device does not know. */
export type InventoryFacts = {
  supervised?: boolean;
  /** FileVault on a Mac; data protection with a passcode on other devices. */
  encrypted?: boolean;
  passcodePresent?: boolean;
  passcodeCompliant?: boolean;
  activationLock?: boolean;
  lostMode?: boolean;
  /** A Mac with Apple silicon asks for a password before its recovery system starts. */
  recoveryLock?: boolean;
  capacityGb?: number;
  availableGb?: number;
  /** 0 to 1. */
  batteryLevel?: number | null;
};

export type Values = { readonly [key: string]: Json };

export type AnsweredValues = {
  name: "information" | "security";
  values: Values;
  /** What was asked and not answered; undefined if the answer is complete. */
  missing: readonly string[] | undefined;
};

export const listNames = [
  "apps",
  "managed-apps",
  "installed-profiles",
  "installed-certificates",
  "provisioning-profiles",
  "users",
  "available-updates",
] as const;

export type ListName = (typeof listNames)[number];

export type Item = { readonly [key: string]: Json };

/** The key orders the list and is unique. */
export type Keyed = readonly [key: string, item: Item];

export type AnsweredList = {
  name: ListName;
  items: readonly Keyed[];
  /** The number of all items, including those that are not stored. */
  total: number;
};

/** The limit of a stored list: the first items in its order. */
export const mostItems = 5_000;
const mostCharacters = 1_400_000;

/** Sorted, with unique keys, and limited in length. Identical items are stored once. */
export function answeredList(
  name: ListName,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): AnsweredList {
  const sorted = items
    .map((item) => ({ key: keyOf(item), item, text: JSON.stringify(item) }))
    .sort((a, b) => compare(a.key, b.key) || compare(a.text, b.text));
  const kept: Keyed[] = [];
  let [total, characters, repeats] = [0, 0, 0];
  for (const [at, { key, item, text }] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before?.text === text && before.key === key) continue;
    repeats = before?.key === key ? repeats + 1 : 0;
    const unique = repeats === 0 ? key : `${key}\u0001${String(repeats).padStart(5, "0")}`;
    total += 1;
    characters += text.length + unique.length + 8;
    if (kept.length < mostItems && characters <= mostCharacters) kept.push([unique, item]);
  }
  return { name, items: kept, total };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
