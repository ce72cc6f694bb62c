import { isNestedDeeper, isObject, type JsonObject, numberAt, textAt } from "../ade/json.ts";
import { type ContentError, readError } from "./answer.ts";
import { type AssetKey, readAssetKey } from "./asset.ts";
import { type Assignment, readAssignments } from "./assignment.ts";
import { readEventId } from "./order.ts";
import { type ContentUser, readUsers } from "./user.ts";

/**
 * What Apple tells by itself. It may come late, twice, in another order, or never: each says so much that it can be worked
 * off alone, and what it does not say is read later.
 */
export type ContentNotification = { id: string; uid: string } & NotificationBody;

export type NotificationBody =
  | { type: "test" }
  | {
      type: "assignments";
      eventId: string | undefined;
      kind: "associate" | "disassociate" | "revoke";
      isSuccess: boolean;
      assignments: Assignment[];
      error: ContentError | undefined;
    }
  | { type: "count"; asset: AssetKey; delta: number }
  | { type: "asset-changed"; asset: AssetKey | undefined }
  | { type: "users"; eventId: string | undefined; users: ContentUser[] }
  | { type: "other" };

/** What is subscribed to. */
export const notificationTypes = [
  "ASSET_MANAGEMENT",
  "ASSET_COUNT",
  "UNLIMITED_ASSET",
  "USER_MANAGEMENT",
  "USER_ASSOCIATED",
] as const;

/** A hundred elements are some 20 KB. */
export const longestNotification = 256 * 1024;
const deepest = 12;

/** undefined: it is no notification. */
export function readNotification(text: string): ContentNotification | undefined {
  if (text.length > longestNotification || isNestedDeeper(text, deepest)) return undefined;
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(told)) return undefined;
  const id = textAt(told, "notificationId");
  const type = textAt(told, "notificationType");
  if (!id || id.length > 200 || !type) return undefined;
  const body = isObject(told.notification) ? told.notification : {};
  return { id, uid: textAt(told, "uId") ?? "", ...readBody(type, body) };
}

const kinds = { ASSOCIATE: "associate", DISASSOCIATE: "disassociate", REVOKE: "revoke" } as const;

function readBody(type: string, body: JsonObject): NotificationBody {
  switch (type) {
    case "TEST_NOTIFICATION":
      return { type: "test" };
    case "ASSET_MANAGEMENT": {
      const word = textAt(body, "type") ?? "";
      if (!Object.hasOwn(kinds, word)) return { type: "other" };
      const error = isObject(body.error) ? readError(body.error) : undefined;
      return {
        type: "assignments",
        eventId: readEventId(body),
        kind: kinds[word as keyof typeof kinds],
        isSuccess: textAt(body, "result") === "SUCCESS",
        assignments: readAssignments(body) ?? [],
        error,
      };
    }
    case "ASSET_COUNT": {
      const asset = readAssetKey(body);
      return asset ? { type: "count", asset, delta: numberAt(body, "countDelta") ?? 0 } : { type: "other" };
    }
    case "UNLIMITED_ASSET":
      return { type: "asset-changed", asset: readAssetKey(body) };
    case "USER_MANAGEMENT":
      return { type: "users", eventId: readEventId(body), users: readUsers(body) ?? [] };
    case "USER_ASSOCIATED":
      return {
        type: "users",
        eventId: undefined,
        users: readUsers({ users: body.associatedUsers }) ?? [],
      };
    default:
      return { type: "other" };
  }
}
