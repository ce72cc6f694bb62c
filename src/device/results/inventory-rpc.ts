import { fromUtf8 } from "../../base/bytes.ts";
import { type Keyed, type ListName, listNames } from "../../mdm/inventory/inventory-facts.ts";
import { withManagement } from "../../mdm/inventory/managed-apps.ts";
import type { Store } from "../store/store.ts";
import type { Vault } from "../vault.ts";
import { openValues } from "./keep-inventory.ts";

/** The inventory that a device reported, for requests about that device. */
export type Inventory = {
  information: ValuesAsOf | null;
  security: ValuesAsOf | null;
  lists: { name: ListName; asOf: number; total: number }[];
};

/** As text: the types of a call between objects do not allow values of unlimited depth. */
export type ValuesAsOf = { asOf: number; json: string };

export type InventoryPage = {
  /** When the device reported it; null: it never did. */
  asOf: number | null;
  /** How many the device reported; a list is stored up to a limit. */
  total: number;
  items: { key: string; json: string }[];
};

export async function describeInventory(store: Store, vault: Vault, userId: string): Promise<Inventory> {
  const heads = store.inventoryHeads(userId);
  const valuesOf = async (name: "information" | "security"): Promise<ValuesAsOf | null> => {
    const head = heads.find((one) => one.name === name);
    return head
      ? { asOf: head.as_of, json: JSON.stringify(await openValues(store, vault, userId, name)) }
      : null;
  };
  return {
    information: await valuesOf("information"),
    security: await valuesOf("security"),
    lists: listNames.flatMap((name) => {
      const head = heads.find((one) => one.name === name);
      return head ? [{ name, asOf: head.as_of, total: head.total }] : [];
    }),
  };
}

/** In the order of keys, after `after`. */
export async function listInventory(
  store: Store,
  vault: Vault,
  userId: string,
  name: ListName,
  limit: number,
  after: string | undefined,
): Promise<InventoryPage> {
  const head = store.inventoryHead(userId, name);
  const data = store.inventoryData(userId, name);
  if (!head || !data) return { asOf: null, total: 0, items: [] };
  const told = JSON.parse(fromUtf8(await vault.openInventory(userId, name, data))) as Keyed[];
  const managed = name === "apps" ? store.inventoryData(userId, "managed-apps") : undefined;
  const all =
    managed === undefined
      ? told
      : withManagement(
          told,
          JSON.parse(fromUtf8(await vault.openInventory(userId, "managed-apps", managed))) as Keyed[],
        );
  const rest = after === undefined ? all : all.filter(([key]) => key > after);
  const items = rest.slice(0, limit).map(([key, item]) => ({ key, json: JSON.stringify(item) }));
  return { asOf: head.as_of, total: head.total + all.length - told.length, items };
}
