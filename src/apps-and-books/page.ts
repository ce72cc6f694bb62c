import { type JsonObject, numberAt, textAt } from "../ade/json.ts";

/**
 * Lists come in pages that are counted. The version changes when something is written meanwhile: then the pages do not
 * fit together, and what was missed is asked for by the version of the first page.
 */
export type ContentPage<Item> = {
  items: Item[];
  /** undefined: it was the last. */
  next: number | undefined;
  versionId: string | undefined;
};

export function readContentPage<Item>(
  body: JsonObject,
  readItems: (body: JsonObject) => Item[] | undefined,
  asked: number,
): ContentPage<Item> | undefined {
  const items = readItems(body);
  if (!items) return undefined;
  const next = numberAt(body, "nextPageIndex");
  // The same page again and again would never end.
  if (next !== undefined && next <= asked) return undefined;
  return { items, next, versionId: textAt(body, "versionId") };
}
