import { isObject, type JsonObject, numberAt } from "../ade/json.ts";

/** How much goes into one request. Apple changes it while it runs, so it is read again every few minutes. */
export type ContentLimits = {
  assets: number;
  users: number;
  clientUserIds: number;
  serialNumbers: number;
  revokeClientUserIds: number;
  revokeSerialNumbers: number;
};

/** Before Apple has told its own. */
export const carefulLimits: ContentLimits = {
  assets: 10,
  users: 50,
  clientUserIds: 100,
  serialNumbers: 100,
  revokeClientUserIds: 50,
  revokeSerialNumbers: 50,
};

const names: Readonly<Record<keyof ContentLimits, string>> = {
  assets: "maxAssets",
  users: "maxUsers",
  clientUserIds: "maxClientUserIds",
  serialNumbers: "maxSerialNumbers",
  revokeClientUserIds: "maxRevokeClientUserIds",
  revokeSerialNumbers: "maxRevokeSerialNumbers",
};

export type ServiceConfig = {
  limits: ContentLimits;
  /** With a place for the code. */
  invitationUrl: string | undefined;
};

export function readServiceConfig(body: JsonObject): ServiceConfig | undefined {
  if (!isObject(body.limits)) return undefined;
  const told = body.limits;
  const limits = Object.fromEntries(
    Object.entries(names).map(([key, name]) => {
      const most = numberAt(told, name);
      const isUsable = most !== undefined && Number.isInteger(most) && most > 0;
      return [key, isUsable ? most : carefulLimits[key as keyof ContentLimits]];
    }),
  ) as ContentLimits;
  const invitationUrl = isObject(body.urls) ? body.urls.invitationEmail : undefined;
  return { limits, invitationUrl: typeof invitationUrl === "string" ? invitationUrl : undefined };
}

/** Apple writes the place for the code in two ways. */
export const invitationLink = (url: string, code: string): string =>
  url.replace(/%25inviteCode%25|%inviteCode%/i, encodeURIComponent(code));
