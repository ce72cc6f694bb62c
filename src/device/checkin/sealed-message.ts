import type { Bytes } from "../../base/bytes.ts";
import { buildManifest, type Manifest } from "../../declarations/manifest.ts";
import type { Checkin } from "../../mdm/checkin.ts";
import type { SignedMessage } from "../turn.ts";
import type { Vault } from "../vault.ts";
import { changesSomething, digestOf } from "./heard.ts";

/** The parts of a message that are kept, sealed before its turn begins: sealing waits, and a turn does not. */
export type SealedMessage = {
  /** What it is known by should it come again; empty for what changes nothing. */
  digest: string;
  raw?: Bytes;
  escrow?: Bytes;
  /** What answers a channel that nothing was ever declared for. */
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

/** From here on a status report is not read: only that it came, and how it began. */
const largestReport = 4 * 1024 * 1024;
const keptOfTooLarge = 64 * 1024;

async function sealReport(vault: Vault, report: Uint8Array | undefined): Promise<Parts> {
  if (report === undefined || report.length === 0) return {};
  const uuid = crypto.randomUUID();
  const kept = report.length > largestReport ? report.slice(0, keptOfTooLarge) : report;
  const parts = await vault.sealStatusReport(uuid, kept as Bytes);
  return { status: { uuid, size: report.length, parts } };
}
