import { isObject, type JsonObject, textAt } from "../ade/json.ts";
import { timeOfExpiry } from "./content-token.ts";

/** Who manages a location: what the last server that did wrote down there. Two of them take licences from each other. */
export type MdmInfo = { id: string; name: string; metadata: string };

/** What Apple says of a location as a whole. */
export type ClientConfig = {
  /** Of the library: it stays through all tokens. */
  uid: string;
  locationName: string | undefined;
  country: string | undefined;
  platform: string | undefined;
  mdmInfo: MdmInfo | undefined;
  notificationUrl: string | undefined;
  tokenExpiresAt: number | undefined;
};

export type NewClientConfig = {
  mdmInfo: MdmInfo;
  notifications?: { url: string; token: string; types: readonly string[] } | undefined;
};

export function readClientConfig(body: JsonObject): ClientConfig | undefined {
  const uid = textAt(body, "uId");
  if (!uid || uid.length > 200) return undefined;
  return {
    uid,
    locationName: textAt(body, "locationName"),
    country: textAt(body, "countryISO2ACode"),
    platform: textAt(body, "defaultPlatform"),
    mdmInfo: readMdmInfo(body),
    notificationUrl: textAt(body, "notificationUrl"),
    tokenExpiresAt: timeOfExpiry(textAt(body, "tokenExpirationDate")),
  };
}

/** In every answer, once somebody has set it. */
export function readMdmInfo({ mdmInfo }: JsonObject): MdmInfo | undefined {
  if (!isObject(mdmInfo)) return undefined;
  const id = textAt(mdmInfo, "id");
  return id
    ? { id, name: textAt(mdmInfo, "name") ?? "", metadata: textAt(mdmInfo, "metadata") ?? "" }
    : undefined;
}

export const configBody = ({ mdmInfo, notifications }: NewClientConfig): JsonObject => ({
  mdmInfo,
  ...(notifications && {
    notificationUrl: notifications.url,
    notificationAuthToken: notifications.token,
    notificationTypes: notifications.types,
  }),
});
