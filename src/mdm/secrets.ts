import type { PlistValue } from "../plist/value.ts";

/**
 * The one table of secret keys: in messages, command payloads and results, at any depth. What it names is sealed at
 * rest and masked in every answer, event, log and webhook; it leaves only through the escrow endpoint.
 */
const secretKeys: ReadonlySet<string> = new Set([
  // check-in messages and their answers
  "UnlockToken",
  "BootstrapToken",
  "TokenData",
  "SecurityToken",
  "AuthToken",
  "DigestResponse",
  "PushMagic",
  "Challenge",
  // command payloads
  "PIN",
  "Password",
  "NewPassword",
  "CurrentPassword",
  "passwordHash",
  "PrivateKeyExport",
  "PrivateKeyExportPassword",
  "RemovalPassword",
  "WiFiProfileData",
  "MDMProfileData",
  "AppleCareToken",
  // results
  "ActivationLockBypassCode",
  "FDE_PersonalRecoveryKeyCMS",
  "EncryptedNewRecoveryKey",
]);

/** Payloads that are documents of their own, and may hold passwords anywhere. */
const opaqueKeys: ReadonlySet<string> = new Set(["Payload"]);

export const isSecretKey = (key: string): boolean => secretKeys.has(key);

export const masked = "(masked)";

/** The same value with every secret in it replaced; a copy where anything changed. */
export function mask(value: PlistValue): PlistValue {
  if (Array.isArray(value)) return value.map(mask);
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([key, entry]) => [key, hides(key, entry) ? masked : mask(entry)]));
}

const hides = (key: string, value: PlistValue): boolean =>
  secretKeys.has(key) || (opaqueKeys.has(key) && value instanceof Uint8Array);
