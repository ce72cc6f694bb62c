import { lookUpStoreItems, mostStoreItems } from "../apps-and-books/store-item.ts";
import { fromBase64, fromUtf8 } from "../base/bytes.ts";
import { day, hour } from "../base/time.ts";
import type { ContentLocationRow } from "../db/content-locations.ts";
import { applyTogether } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import { putOffStoreItems, saveStoreItem, storeItemsDue, usualCountry } from "../db/store-items.ts";
import { masterKeys } from "../pki/master.ts";
import { openOwn } from "../pki/seal.ts";
import { contentTokenContext } from "../pki/seal-contexts.ts";

const knownForMs = day;
const triedAgainMs = hour;

/** What the store says of a location's apps and books, some at a time. It is only shown, so its failures stop nothing. */
export async function readStore(env: Env, row: ContentLocationRow, now: number): Promise<boolean> {
  const db = openDb(env.DB);
  const country = row.country ?? usualCountry;
  const adamIds = await storeItemsDue(db, country, now, mostStoreItems);
  if (adamIds.length === 0) return false;
  const sealed = fromBase64(row.sealedToken) ?? new Uint8Array();
  const items = await lookUpStoreItems({
    adamIds,
    country,
    platform: row.storePlatform ?? undefined,
    token: fromUtf8(await openOwn(await masterKeys(env), contentTokenContext(row.name), sealed)),
    baseUrl: row.baseUrl ?? undefined,
  });
  const found = items.ok ? items.value.filter(({ adamId }) => adamIds.includes(adamId)) : [];
  const others = adamIds.filter((adamId) => !found.some((item) => item.adamId === adamId));
  await applyTogether(db, [
    putOffStoreItems(db, country, others, now + (items.ok ? knownForMs : triedAgainMs)),
    ...found.map((item) => saveStoreItem(db, country, item, now, now + knownForMs)),
  ]);
  return true;
}
