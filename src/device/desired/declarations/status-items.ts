import { type Bytes, fromUtf8, sha256, toHex, utf8 } from "../../../base/bytes.ts";
import type { Json } from "../../../declarations/canonical-json.ts";
import type { StatusReport } from "../../../declarations/status-report.ts";
import { isLine, mergeStatus, type StatusValue, withHistory } from "../../../declarations/status-values.ts";
import type { StatusItemHead, StatusReportRow } from "../../store/status.ts";
import type { Store } from "../../store/store.ts";
import type { Vault } from "../../vault.ts";

/** The changes that a report makes to the items of its channel: changed values and removed items. */
export type PreparedItems = {
  changed: readonly { head: StatusItemHead; sealed: Bytes; value: Json }[];
  /** The same value, which the directory does not know yet. */
  untold: readonly { head: StatusItemHead; value: Json }[];
  gone: readonly string[];
};

/** The part that awaits. A value that did not change is not opened. */
export async function prepareItems(
  store: Store,
  vault: Vault,
  { user_id, received_at }: StatusReportRow,
  { items, isFull }: StatusReport,
): Promise<PreparedItems> {
  const heads = new Map(store.statusItems(user_id).map((head) => [head.path, head]));
  const changed: PreparedItems["changed"][number][] = [];
  const untold: PreparedItems["untold"][number][] = [];
  for (const { path, value: reported } of items) {
    const head = heads.get(path);
    const isPart = Array.isArray(reported) && !isFull;
    const before = head && isPart ? await openItem(store, vault, user_id, path) : undefined;
    const value = mergeStatus(before?.value, reported, isFull);
    const digest = await digestOf(value);
    if (head?.digest === digest) {
      if (isLine(value) && head.told !== digest) untold.push({ head, value });
      continue;
    }
    const known = before ?? (head && (await openItem(store, vault, user_id, path)));
    const kept = withHistory(known && head && { ...known, since: head.as_of }, value);
    changed.push({
      head: { user_id, path, as_of: received_at, digest, told: isLine(value) ? digest : "" },
      sealed: await vault.sealStatusItem(user_id, path, utf8(JSON.stringify(kept))),
      value,
    });
  }
  const named = new Set(items.map(({ path }) => path));
  return { changed, untold, gone: isFull ? [...heads.keys()].filter((path) => !named.has(path)) : [] };
}

export async function openItem(
  store: Store,
  vault: Vault,
  userId: string,
  path: string,
): Promise<StatusValue | undefined> {
  const data = store.statusItemData(userId, path);
  return data && (JSON.parse(fromUtf8(await vault.openStatusItem(userId, path, data))) as StatusValue);
}

const digestOf = async (value: Json): Promise<string> =>
  toHex((await sha256(utf8(JSON.stringify(value)))).subarray(0, 16));
