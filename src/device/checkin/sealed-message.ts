import type { Bytes } from "../../base/bytes.ts";
import { buildManifest, type Manifest } from "../../declarations/manifest.ts";
import type { Checkin } from "../../mdm/checkin.ts";
import type { SignedMessage } from "../turn.ts";
import type { Vault } from "../vault.ts";
import { changesSomething, digestOf } from "./heard.ts";

/** The stored parts of a message, sealed before its turn begins, because sealing awaits and a turn must not. */
export type SealedMessage = {
  /** The digest that recognises the message if it comes again; empty if the message changes nothing. */
  digest: string;
  raw?: Bytes;
  escrow?: Bytes;
  /** The answer to a channel that never had declarations. */
  nothingDeclared?: Manifest;
  status?: { uuid: string; size: number; parts: readonly Bytes[] };
};

export async function sealMessage(
  vault: Vault,
  message: Checkin,
  { raw, proven }: Pick<SignedMessage, "raw" | "proven">,
): Promise<SealedMessage> {
  const [digest, parts] = await Promise.all([
    changesSomething(message.MessageType) ? digestOf(raw, proven.fingerprint) : "",
    sealParts(vault, message, raw),
  ]);
  return { ...parts, digest };
}

type Parts = Omit<SealedMessage, "digest">;

async function sealParts(vault: Vault, message: Checkin, raw: Bytes): Promise<Parts> {
  switch (message.MessageType) {
    case "Authenticate":
      return { raw: await vault.sealMessage("Authenticate", raw) };
    case "TokenUpdate": {
      const sealed = { raw: await vault.sealMessage("TokenUpdate", raw) };
      if (message.UnlockToken === undefined) return sealed;
      return { ...sealed, escrow: await vault.sealEscrow("unlock-token", message.UnlockToken) };
    }
    case "SetBootstrapToken":
      return message.BootstrapToken
        ? { escrow: await vault.sealEscrow("bootstrap-token", message.BootstrapToken) }
        : {};
    case "DeclarativeManagement":
      return message.Endpoint === "status"
        ? sealReport(vault, message.Data)
        : { nothingDeclared: await buildManifest([]) };
    default:
      return {};
  }
}

/** A larger status report is not read: only its arrival and its beginning are stored. */
const largestReport = 4 * 1024 * 1024;
const keptOfTooLarge = 64 * 1024;

async function sealReport(vault: Vault, report: Uint8Array | undefined): Promise<Parts> {
  if (report === undefined || report.length === 0) return {};
  const uuid = crypto.randomUUID();
  const kept = report.length > largestReport ? report.slice(0, keptOfTooLarge) : report;
  const parts = await vault.sealStatusReport(uuid, kept as Bytes);
  return { status: { uuid, size: report.length, parts } };
}
