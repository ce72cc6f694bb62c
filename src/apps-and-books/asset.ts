import { flagAt, isObject, type JsonObject, listAt, numberAt, textAt, textsAt } from "../ade/json.ts";
import { adamIdAt } from "./answer.ts";

/** What an organisation has of one app or book, in one quality of it. */
export type ContentAsset = {
  adamId: string;
  /** `STDQ`, or `PLUS` for books in high quality. */
  pricing: string;
  kind: string;
  platforms: string[];
  isForDevices: boolean;
  isRevocable: boolean;
  total: number;
  assigned: number;
  available: number;
  retired: number;
};

/** An app or a book in one quality: what is licensed. */
export type AssetKey = Pick<ContentAsset, "adamId" | "pricing">;

export const usualPricing = "STDQ";

/** Where licences have no bound, Apple gives this number. */
export const unlimited = 2_147_483_647;

export function readAssets(body: JsonObject): ContentAsset[] | undefined {
  const assets = listAt(body, "assets");
  return assets?.filter(isObject).flatMap((asset) => readAsset(asset) ?? []);
}

function readAsset(value: JsonObject): ContentAsset | undefined {
  const key = readAssetKey(value);
  return (
    key && {
      ...key,
      kind: textAt(value, "productType") ?? "App",
      platforms: textsAt(value, "supportedPlatforms") ?? [],
      isForDevices: flagAt(value, "deviceAssignable") ?? false,
      isRevocable: flagAt(value, "revocable") ?? false,
      total: numberAt(value, "totalCount") ?? 0,
      assigned: numberAt(value, "assignedCount") ?? 0,
      available: numberAt(value, "availableCount") ?? 0,
      retired: numberAt(value, "retiredCount") ?? 0,
    }
  );
}

export function readAssetKey(value: JsonObject): AssetKey | undefined {
  const adamId = adamIdAt(value);
  const pricing = textAt(value, "pricingParam") ?? usualPricing;
  return adamId !== undefined && /^[A-Z]{1,20}$/.test(pricing) ? { adamId, pricing } : undefined;
}
