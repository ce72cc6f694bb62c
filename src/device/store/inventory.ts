import type { Bytes } from "../../base/bytes.ts";
import { type InventoryHead, inventoryColumns } from "./rows.ts";
import type { Statements } from "./statements.ts";

/** The facts in the device's answers. */
export const inventoryStatements = ({ rows, row, run }: Statements) => ({
  inventoryHeads: (userId: string): InventoryHead[] =>
    rows<InventoryHead>(`SELECT ${inventoryColumns} FROM inventory WHERE user_id = ?`, userId),

  inventoryHead: (userId: string, name: InventoryHead["name"]): InventoryHead | undefined =>
    row<InventoryHead>(
      `SELECT ${inventoryColumns} FROM inventory WHERE user_id = ? AND name = ?`,
      userId,
      name,
    ),

  inventoryData: (userId: string, name: InventoryHead["name"]): ArrayBuffer | undefined =>
    row<{ data: ArrayBuffer }>("SELECT data FROM inventory WHERE user_id = ? AND name = ?", userId, name)
      ?.data,

  putInventory: ({ user_id, name, as_of, digest, total, told }: InventoryHead, data: Bytes): number =>
    run(
      `INSERT OR REPLACE INTO inventory (${inventoryColumns}, data) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      user_id,
      name,
      as_of,
      digest,
      total,
      told,
      data,
    ),

  touchInventory: (userId: string, name: InventoryHead["name"], asOf: number): number =>
    run("UPDATE inventory SET as_of = ? WHERE user_id = ? AND name = ?", asOf, userId, name),

  /** The directory lost its facts: the next answer sends all of them again. */
  untellInventory: (): number => run("UPDATE inventory SET told = '' WHERE told <> ''"),

  dropInventory: (): number => run("DELETE FROM inventory"),
});
