import { isObject, type JsonObject, listAt, textAt } from "../ade/json.ts";

/**
 * Lists of the Apple Business API come in pages. Apple documents `meta.paging.nextCursor` as well as `links.next`: either
 * will do here, and both become a path at the same service.
 *
 * The surprise: a link may not lead elsewhere, for the access token would go along.
 */
export type Page<Item> = { items: Item[]; next: string | undefined };

export const mostItemsAPage = 1000;

export const listPath = (path: string, limit: number, more: Record<string, string> = {}): string =>
  `${path}?${new URLSearchParams({ ...more, limit: String(Math.min(limit, mostItemsAPage)) })}`;

/** undefined: it is no page, or its next one lies elsewhere or is the same again. */
export function readPage<Item>(
  body: JsonObject,
  readItem: (value: JsonObject) => Item | undefined,
  { path, baseUrl }: { path: string; baseUrl: string },
): Page<Item> | undefined {
  const data = listAt(body, "data");
  if (!data) return undefined;
  const next = nextPath(body, path, baseUrl);
  if (next === path || next === null) return undefined;
  const items = data.filter(isObject).flatMap((value) => readItem(value) ?? []);
  return { items, next };
}

/** null: it is not at this service. */
function nextPath(body: JsonObject, path: string, baseUrl: string): string | undefined | null {
  const base = new URL(baseUrl);
  const cursor = cursorOf(body);
  if (cursor) {
    const next = new URL(path, base);
    next.searchParams.set("cursor", cursor);
    return next.pathname + next.search;
  }
  const link = isObject(body.links) ? textAt(body.links, "next") : undefined;
  if (!link) return undefined;
  const next = URL.parse(link, base.href);
  return next && next.origin === base.origin && next.pathname.startsWith("/v1/")
    ? next.pathname + next.search
    : null;
}

function cursorOf({ meta }: JsonObject): string | undefined {
  const paging = isObject(meta) ? meta.paging : undefined;
  return isObject(paging) ? textAt(paging, "nextCursor") : undefined;
}
