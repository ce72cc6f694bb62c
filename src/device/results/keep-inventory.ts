import { type Bytes, fromUtf8, sha256, toHex, utf8 } from "../../base/bytes.ts";
import { hour } from "../../base/time.ts";
import type { NewEvent } from "../../events/event.ts";
import type { DeviceFacts } from "../../mdm/checkin.ts";
import { type FleetApp, fleetApps } from "../../mdm/inventory/apps.ts";
import type {
  AnsweredList,
  AnsweredValues,
  InventoryAnswer,
  InventoryFacts,
  Values,
} from "../../mdm/inventory/inventory-facts.ts";
import type { InventoryHead, UnreadResultRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../turn.ts";
import { factsOf, inventoryOf } from "../turn.ts";
import type { Vault } from "../vault.ts";

/**
 * The object stores the facts in a device's answers, and tells the directory those that lists need. Unchanged values write
 * only their time, to the hour.
 */
export type ReadInventory = { answer: InventoryAnswer; documents: readonly Document[] };

/** A list, or the values of one kind, as it is stored. */
type Document = {
  name: InventoryHead["name"];
  digest: string;
  total: number;
  /** Undefined: it is stored already. */
  sealed: Bytes | undefined;
  /** The apps that are counted over the fleet, and the text that identifies them. */
  fleet?: { apps: readonly FleetApp[]; digest: string };
};

/** The part that awaits. */
export async function readInventory(
  store: Store,
  vault: Vault,
  row: UnreadResultRow,
  told: readonly InventoryAnswer[],
): Promise<ReadInventory[]> {
  const read: ReadInventory[] = [];
  for (const one of told) {
    const documents: Document[] = [];
    if (one.values) documents.push(await documentOfValues(store, vault, row, one.values));
    if (one.list) documents.push(await documentOfList(vault, row, one.list));
    read.push({ answer: one, documents });
  }
  return read;
}

async function documentOfValues(
  store: Store,
  vault: Vault,
  { user_id }: UnreadResultRow,
  { name, values, missing }: AnsweredValues,
): Promise<Document> {
  const before = missing === undefined ? {} : await openValues(store, vault, user_id, name);
  const rest = Object.entries(before).filter(([key]) => !missing?.includes(key));
  const all = { ...Object.fromEntries(rest), ...values };
  const text = JSON.stringify(all);
  const digest = await digestOf(text);
  const isKept = store.inventoryHead(user_id, name)?.digest === digest;
  return {
    name,
    digest,
    total: Object.keys(all).length,
    sealed: isKept ? undefined : await vault.sealInventory(user_id, name, utf8(text)),
  };
}

async function documentOfList(
  vault: Vault,
  { user_id }: UnreadResultRow,
  list: AnsweredList,
): Promise<Document> {
  const text = JSON.stringify(list.items);
  const apps = list.name === "apps" && user_id === "" ? fleetApps(list) : undefined;
  return {
    name: list.name,
    digest: await digestOf(`${list.total} ${text}`),
    total: list.total,
    sealed: await vault.sealInventory(user_id, list.name, utf8(text)),
    ...(apps && { fleet: { apps, digest: await digestOf(JSON.stringify(apps)) } }),
  };
}

export async function openValues(
  store: Store,
  vault: Vault,
  userId: string,
  name: AnsweredValues["name"],
): Promise<Values> {
  const data = store.inventoryData(userId, name);
  return data ? (JSON.parse(fromUtf8(await vault.openInventory(userId, name, data))) as Values) : {};
}

const digestOf = async (text: string): Promise<string> => toHex((await sha256(utf8(text))).subarray(0, 16));

/** Nothing in here awaits. */
export function keepInventory(
  turn: Turn,
  row: UnreadResultRow,
  { answer: told, documents }: ReadInventory,
): void {
  const changes = documents.map((document) => keepDocument(turn.store, row, document));
  const device = row.user_id === "" ? rememberFacts(turn.store, told, askedAt(row)) : undefined;
  const [listChange] = changes.filter((change) => change !== undefined);
  if (!device && !listChange) return;
  const isNews = listChange !== undefined || device === undefined || isWorthTelling(device);
  turn.tell({
    name: "inventory.updated",
    ...(!isNews && { quiet: true as const }),
    ...(row.user_id ? { userId: row.user_id } : {}),
    detail: { uuid: row.uuid, request_type: row.request_type, ...listChange?.detail },
    change: { ...(device && { device }), ...(listChange?.apps && { apps: listChange.apps }) },
  });
}

/** Battery, free space and time differ each day. */
const restless: readonly (keyof InventoryFacts | "inventoryAt")[] = [
  "batteryLevel",
  "availableGb",
  "inventoryAt",
];

const isWorthTelling = ({ inventory = {}, facts }: NonNullable<ReturnType<typeof rememberFacts>>): boolean =>
  facts !== undefined || Object.keys(inventory).some((name) => !restless.some((one) => one === name));

type ListChange = { detail: NewEvent["detail"]; apps: readonly FleetApp[] | undefined };

/** Events for others: that a list has changed, and the apps that are counted over the fleet. */
function keepDocument(store: Store, row: UnreadResultRow, document: Document): ListChange | undefined {
  const { name, digest, total, sealed, fleet } = document;
  const before = store.inventoryHead(row.user_id, name);
  // An answer that was read late must not replace a newer one.
  if (before && before.as_of > row.finished_at) return undefined;
  const isOther = before?.digest !== digest;
  const apps = fleet && fleet.digest !== before?.told ? fleet.apps : undefined;
  if ((isOther || apps) && sealed) {
    const head = { user_id: row.user_id, name, as_of: row.finished_at, digest, total };
    store.putInventory({ ...head, told: fleet?.digest ?? "" }, sealed);
  } else if (before && before.as_of + hour <= row.finished_at) {
    store.touchInventory(row.user_id, name, row.finished_at);
  }
  const isList = name !== "information" && name !== "security";
  return (isList && isOther) || apps ? { detail: { list: name, total }, apps } : undefined;
}

const askedAt = ({ finished_at, request_type }: UnreadResultRow): number | undefined =>
  request_type === "DeviceInformation" ? finished_at : undefined;

/** The facts that have columns in the directory: the changed ones, and the time of the answer once an hour. */
export function rememberFacts(
  store: Store,
  { facts = {}, device = {} }: Pick<InventoryAnswer, "facts" | "device">,
  askedAt?: number,
) {
  const row = store.device();
  const [knownFacts, knownDevice] = [inventoryOf(row), factsOf(row)];
  const asked = askedAt !== undefined && (knownFacts.inventoryAt ?? 0) + hour <= askedAt;
  const changed = {
    ...changesIn<InventoryFacts>(knownFacts, facts),
    ...(asked && { inventoryAt: askedAt }),
  };
  const renamed = changesIn<DeviceFacts>(knownDevice, device);
  const [hasChanged, isRenamed] = [Object.keys(changed).length > 0, Object.keys(renamed).length > 0];
  if (!hasChanged && !isRenamed) return undefined;
  store.setDevice({
    ...(hasChanged && { inventory: JSON.stringify({ ...knownFacts, ...changed }) }),
    ...(isRenamed && { facts: JSON.stringify({ ...knownDevice, ...renamed }) }),
  });
  return { ...(hasChanged && { inventory: changed }), ...(isRenamed && { facts: renamed }) };
}

const changesIn = <Facts extends object>(known: Facts, told: Facts): Facts =>
  Object.fromEntries(
    Object.entries(told).filter(([name, value]) => known[name as keyof Facts] !== value),
  ) as Facts;
