import { readText } from "../ade/answer.ts";
import { isNestedDeeper, isObject, type JsonObject, listAt, textAt, textsAt } from "../ade/json.ts";
import { causeMessage } from "../base/cause.ts";
import { ok, type Result, refuse } from "../base/result.ts";

/** What the store says of an app or a book. A device knows an app only by its bundle id. */
export type StoreItem = {
  adamId: string;
  name: string | null;
  seller: string | null;
  bundleId: string | null;
  iconUrl: string | null;
  version: string | null;
  /** Of the version: what a device reports, and what an app may be pinned to. */
  externalVersionId: string | null;
  families: string[];
  minimumOs: string | null;
};

export type StoreOptions = {
  adamIds: readonly string[];
  /** Two letters. */
  country: string;
  platform: string | undefined;
  /** A content token: the store then also shows an organisation's own apps. */
  token: string;
  baseUrl?: string | undefined;
  timeoutMs?: number;
};

const storeUrl = "https://uclient-api.itunes.apple.com";
export const mostStoreItems = 50;
const longestAnswer = 4 * 1024 * 1024;
const deepest = 40;

/** Those that the store knows. */
export async function lookUpStoreItems(options: StoreOptions): Promise<Result<StoreItem[], string>> {
  const { adamIds, country, platform = "enterprisestore", token, baseUrl, timeoutMs = 20_000 } = options;
  const query = new URLSearchParams({
    version: "2",
    p: "mdm-lockup",
    caller: "MDM",
    platform,
    cc: country.toLowerCase(),
    l: "en",
    id: adamIds.join(","),
  });
  const path = "/WebObjects/MZStorePlatform.woa/wa/lookup";
  try {
    const response = await fetch(`${(baseUrl ?? storeUrl).replace(/\/+$/, "")}${path}?${query}`, {
      headers: { Accept: "application/json", Cookie: `itvt=${token}` },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { text, isTooLarge } = await readText(response, longestAnswer);
    if (response.status !== 200) return refuse(`the store answered ${response.status}`);
    if (isTooLarge || isNestedDeeper(text, deepest)) return refuse("the store's answer is too large");
    return readStoreItems(JSON.parse(text));
  } catch (fault) {
    return refuse(`the store could not be asked: ${causeMessage(fault)}`);
  }
}

function readStoreItems(body: unknown): Result<StoreItem[], string> {
  if (!isObject(body) || !isObject(body.results)) return refuse("the store's answer has no results");
  return ok(
    Object.entries(body.results).flatMap(([adamId, item]) =>
      /^\d{1,20}$/.test(adamId) && isObject(item) ? [readStoreItem(adamId, item)] : [],
    ),
  );
}

function readStoreItem(adamId: string, item: JsonObject): StoreItem {
  const [offer] = (listAt(item, "offers") ?? []).filter(isObject);
  const version = isObject(offer?.version) ? offer.version : {};
  const externalId = version.externalId;
  return {
    adamId,
    name: short(textAt(item, "name")),
    seller: short(textAt(item, "artistName")),
    bundleId: bundleIdOf(textAt(item, "bundleId")),
    iconUrl: iconOf(item.artwork),
    version: short(textAt(version, "display")),
    externalVersionId:
      typeof externalId === "number" || typeof externalId === "string" ? String(externalId) : null,
    families: (textsAt(item, "deviceFamilies") ?? []).slice(0, 20),
    minimumOs: short(textAt(item, "minimumOSVersion")),
  };
}

const short = (text: string | undefined): string | null => text?.slice(0, 200) ?? null;

export const bundleIdOf = (text: string | undefined): string | null =>
  text !== undefined && /^[A-Za-z0-9.-]{1,155}$/.test(text) ? text : null;

const iconSize = "128";

/** With places for its size and form. Only https: it is shown in pages. */
function iconOf(artwork: unknown): string | null {
  const [first] = Array.isArray(artwork) ? artwork : [artwork];
  const url = isObject(first) ? textAt(first, "url") : undefined;
  if (!url) return null;
  const filled = url
    .replace("{w}", iconSize)
    .replace("{h}", iconSize)
    .replace("{c}", "bb")
    .replace("{f}", "png");
  return URL.parse(filled)?.protocol === "https:" && filled.length < 500 ? filled : null;
}
