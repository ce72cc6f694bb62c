import { compact, isObject, type JsonObject, listAt, numberAt, textAt } from "./json.ts";

// The server of Apple's portal that a token belongs to. `server_uuid` is what a token is known by: it stays when the token
// is renewed. https://developer.apple.com/documentation/devicemanagement/accountdetail

export type AdeAccount = {
  server_uuid: string;
  server_name?: string;
  /** The Apple Account that downloaded the token: when it goes, the token dies. */
  admin_id?: string;
  org_name?: string;
  org_email?: string;
  org_phone?: string;
  org_address?: string;
  org_id?: string;
  org_id_hash?: string;
  org_type?: string;
  org_version?: string;
  urls: AdeUrl[];
};

/** What this account may call, and how much at once. */
export type AdeUrl = { uri: string; http_method: string[]; limit?: { default?: number; maximum?: number } };

export function readAccount(body: JsonObject): AdeAccount | undefined {
  const server_uuid = textAt(body, "server_uuid") ?? "";
  if (server_uuid === "") return undefined;
  return {
    server_uuid,
    ...compact({
      server_name: textAt(body, "server_name"),
      admin_id: textAt(body, "admin_id") ?? textAt(body, "facilitator_id"),
      org_name: textAt(body, "org_name"),
      org_email: textAt(body, "org_email"),
      org_phone: textAt(body, "org_phone"),
      org_address: textAt(body, "org_address"),
      org_id: textAt(body, "org_id"),
      org_id_hash: textAt(body, "org_id_hash"),
      org_type: textAt(body, "org_type"),
      org_version: textAt(body, "org_version"),
    }),
    urls: (listAt(body, "urls") ?? []).slice(0, 200).flatMap(readUrl),
  };
}

function readUrl(value: unknown): AdeUrl[] {
  if (!isObject(value)) return [];
  const uri = textAt(value, "uri");
  if (uri === undefined) return [];
  const methods = value.http_method;
  const limit = isObject(value.limit)
    ? {
        limit: compact({
          default: numberAt(value.limit, "default"),
          maximum: numberAt(value.limit, "maximum"),
        }),
      }
    : {};
  return [{ uri, http_method: (Array.isArray(methods) ? methods : [methods]).map(String), ...limit }];
}

/** What Apple documents for one call, whatever more an account is told that it may. */
export const mostDevicesPerCall = 1000;

export function devicesPerCall(account: AdeAccount | undefined, path: string): number {
  const maximum = account?.urls.find(({ uri }) => uri === path)?.limit?.maximum ?? mostDevicesPerCall;
  return Math.max(1, Math.min(mostDevicesPerCall, Math.floor(maximum)));
}
