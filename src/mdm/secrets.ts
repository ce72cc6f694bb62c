import type { PlistValue } from "../plist/value.ts";

/**
 * The only table of secret keys: in messages, command payloads and results, at any depth. Their values are sealed at rest
 * and masked in every answer, event, log and webhook. Only two places show them, to an admin with an audit entry: the
 * escrow endpoint, and the library for profiles from administrators.
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
  // payloads of profiles
  "AIMPassword",
  "AuthPassword",
  "AutologinPassword",
  "CalDAVPassword",
  "CardDAVPassword",
  "CertificatePassword",
  "HTTPProxyPassword",
  "IncomingPassword",
  "JabberPassword",
  "LDAPAccountPassword",
  "OutgoingPassword",
  "PIRAuthenticationToken",
  "ProxyPassword",
  "RegistrationToken",
  "SharedSecret",
  "SubCalAccountPassword",
  "UserPassword",
  "XAuthPassword",
  "password",
  "sharedSecret",
  // results
  "ActivationLockBypassCode",
  "FDE_PersonalRecoveryKeyCMS",
  "EncryptedNewRecoveryKey",
]);

/** Payloads that are separate documents and may have passwords anywhere. */
const opaqueKeys: ReadonlySet<string> = new Set(["Payload"]);

export const isSecretKey = (key: string): boolean => secretKeys.has(key);

export const masked = "(masked)";

/** Payloads whose content is a private key with its certificate. */
const keyPayload = "com.apple.security.pkcs12";

/** The same value with every secret replaced; a copy if anything changed. */
export function mask(value: PlistValue): PlistValue {
  if (Array.isArray(value)) return value.map(mask);
  if (!(value instanceof Map)) return value;
  const holdsKey = value.get("PayloadType") === keyPayload;
  return new Map(
    [...value].map(([key, entry]) => [
      key,
      hides(key, entry) || (holdsKey && key === "PayloadContent") ? masked : mask(entry),
    ]),
  );
}

/** Whether there is anything that `mask` would replace. */
export function holdsSecret(value: PlistValue): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!(value instanceof Map)) return false;
  if (value.get("PayloadType") === keyPayload && value.has("PayloadContent")) return true;
  return [...value].some(([key, entry]) => hides(key, entry) || holdsSecret(entry));
}

const hides = (key: string, value: PlistValue): boolean =>
  secretKeys.has(key) || (opaqueKeys.has(key) && value instanceof Uint8Array);
