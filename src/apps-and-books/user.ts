import { isObject, type JsonObject, listAt, textAt } from "../ade/json.ts";

/** A person to whom licences go, as the service knows one. */
export type ContentUser = {
  clientUserId: string;
  email: string | undefined;
  managedAppleId: string | undefined;
  /** `Registered`: invited; `Associated`: with an Apple Account; `Retired`, `Deleted`. */
  status: string;
  /** For the invitation; lasts until the person accepts. */
  inviteCode: string | undefined;
};

export type NewContentUser = {
  clientUserId: string;
  email?: string | undefined;
  managedAppleId?: string | undefined;
};

export const readUsers = (body: JsonObject): ContentUser[] | undefined =>
  listAt(body, "users")
    ?.filter(isObject)
    .flatMap((user) => readUser(user) ?? []);

function readUser(value: JsonObject): ContentUser | undefined {
  const clientUserId = textAt(value, "clientUserId");
  if (!clientUserId || clientUserId.length > 256) return undefined;
  return {
    clientUserId,
    email: textAt(value, "email"),
    managedAppleId: textAt(value, "managedAppleId"),
    status: textAt(value, "status") ?? "Registered",
    inviteCode: textAt(value, "inviteCode"),
  };
}
