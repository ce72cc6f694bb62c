import { fromBase64, fromUtf8, toBase64, utf8 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { Vault } from "../vault.ts";
import {
  type PlainRow,
  type PortableDevice,
  type PortableRefusal,
  type PortableTable,
  portableVersion,
} from "./portable.ts";

/**
 * Values that are not sealed in the object but must be sealed in a backup: with token and magic, anyone who finds the file
 * could push to every device. In a backup such a value is `{ sealed }`, bound to its device, its column and its user.
 *
 * An unsealed value from an older backup is accepted.
 */
const secretColumns: { readonly [Table in PortableTable]?: readonly string[] } = {
  channels: ["push_token", "push_magic"],
};

export async function sealSecrets(vault: Vault, state: PortableDevice): Promise<PortableDevice> {
  const sealed = await changed(state, async (column, row, value) => {
    if (value === null || value === undefined) return ok(value);
    const secret = utf8(JSON.stringify(value));
    return ok({ sealed: toBase64(await vault.sealExported(column, ownerOf(row), secret)) });
  });
  if (!sealed.ok) throw new Error("sealing a backup must not refuse");
  return sealed.value;
}

/** Trusts nothing, because the input may have been a file for years. Values of other devices are refused elsewhere. */
export async function openSecrets(
  vault: Vault,
  id: string,
  state: PortableDevice,
): Promise<Result<PortableDevice, PortableRefusal>> {
  if (state?.edgemdm_device !== portableVersion || state.id !== id) return ok(state);
  return changed(state, async (column, row, value) => {
    if (!isSealed(value)) return ok(value);
    const bytes = fromBase64(value.sealed);
    const opened = bytes && (await vault.openExported(column, ownerOf(row), bytes));
    return opened?.ok
      ? ok(JSON.parse(fromUtf8(opened.value)))
      : refuse({ reason: "malformed", detail: `the ${column} of a channel does not open here` });
  });
}

type Change = (column: string, row: PlainRow, value: unknown) => Promise<Result<unknown, PortableRefusal>>;

async function changed(
  state: PortableDevice,
  change: Change,
): Promise<Result<PortableDevice, PortableRefusal>> {
  const tables = { ...state?.tables };
  for (const [table, columns] of Object.entries(secretColumns) as [PortableTable, readonly string[]][]) {
    const rows: unknown = tables[table];
    if (!Array.isArray(rows)) continue;
    const done: PlainRow[] = [];
    for (const row of rows) {
      const copy = { ...row };
      for (const column of columns) {
        if (!(column in copy)) continue;
        const value = await change(column, copy, copy[column]);
        if (!value.ok) return value;
        copy[column] = value.value;
      }
      done.push(copy);
    }
    tables[table] = done;
  }
  return ok(state?.tables === undefined ? state : { ...state, tables });
}

const ownerOf = ({ user_id }: PlainRow): string => String(user_id);

const isSealed = (value: unknown): value is { sealed: string } =>
  typeof value === "object" && value !== null && "sealed" in value && typeof value.sealed === "string";
