// Answers with a secret that only the server can keep: it goes to escrow.
import { type Bytes, utf8 } from "../../base/bytes.ts";
import type { PlistDict, PlistValue } from "../../plist/value.ts";
import type { ResultReader } from "./result-facts.ts";

/** The device sends it for 15 days after it became supervised. */
export const activationLockBypass: ResultReader = ({ result }) => {
  const code = result.get("ActivationLockBypassCode");
  return typeof code === "string" && code !== ""
    ? { secrets: [{ name: "activation-lock-bypass", value: utf8(code) }] }
    : undefined;
};

export const unlockToken: ResultReader = ({ result }) => {
  const token = result.get("UnlockToken");
  return token instanceof Uint8Array ? { secrets: [{ name: "unlock-token", value: own(token) }] } : undefined;
};

/** Encrypted to the certificate of the FDERecoveryKeyEscrow payload. */
export const fileVaultKey: ResultReader = ({ result }) => {
  const info = dictAt(result, "SecurityInfo");
  const enabled = info?.get("FDE_Enabled");
  if (info === undefined || typeof enabled !== "boolean") return undefined;
  const sent = envelope(info.get("FDE_PersonalRecoveryKeyCMS"));
  const hasKey = info.get("FDE_HasPersonalRecoveryKey") !== false;
  return { ...sent, fileVault: { enabled, hasKey, sendsKey: sent !== undefined } };
};

/** Encrypted to the ReplyEncryptionCertificate of the command. */
export const rotatedFileVaultKey: ResultReader = ({ result }) =>
  envelope(dictAt(result, "RotateResult")?.get("EncryptedNewRecoveryKey"));

const envelope = (cms: PlistValue | undefined) =>
  cms instanceof Uint8Array && cms.length > 0
    ? { envelopes: [{ name: "filevault-key", cms: own(cms) }] }
    : undefined;

const dictAt = (dict: PlistDict, key: string): PlistDict | undefined => {
  const value = dict.get(key);
  return value instanceof Map ? value : undefined;
};

const own = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);
