import { type ErrorDocument, refusedEnrollment, watchPairingRequired } from "../../ade/error-documents.ts";
import type { MachineInfo } from "../../ade/machine-info.ts";
import { loadSettings } from "../../admin/settings.ts";
import { fromUtf8 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { minute } from "../../base/time.ts";
import { readPairingToken } from "../../mdm/pairing-token.ts";
import { masterKeys } from "../../pki/master.ts";
import { open } from "../../pki/seal.ts";

/**
 * An Apple Watch that is paired with a managed phone. Where it has to prove that, it is sent back with a token, its phone
 * asks this server for the answer to it (GetToken), and the watch comes again with that.
 * https://developer.apple.com/documentation/devicemanagement/watchenrollment
 */
const pairingLastsMs = 15 * minute;

export async function checkWatch(
  env: Env,
  machine: MachineInfo,
  now: number,
): Promise<Result<{ phone: string | undefined }, { reason: string; document: ErrorDocument }>> {
  const { ade_watch_pairing: mustProve } = await loadSettings(env, now);
  if (machine.PAIRING_TOKEN === undefined) {
    if (!mustProve) return ok({ phone: undefined });
    const document = watchPairingRequired(crypto.randomUUID().toUpperCase());
    return refuse({ reason: "watch-not-paired", document });
  }
  const phone = await phoneOf(env, machine, machine.PAIRING_TOKEN, now);
  if (phone !== undefined) return ok({ phone });
  const message = "This watch is not paired with a managed iPhone. Unpair it, and pair it again.";
  return refuse({ reason: "watch-pairing", document: refusedEnrollment("watch-pairing", message) });
}

/** The phone that spoke for this watch, lately. */
async function phoneOf(
  env: Env,
  { UDID }: MachineInfo,
  token: Uint8Array,
  now: number,
): Promise<string | undefined> {
  const read = readPairingToken(token);
  if (read === undefined) return undefined;
  // As the phone's object sealed it (device/vault.ts).
  const context = { what: "watch-pairing", whose: [read.phone] };
  const opened = await open(await masterKeys(env), context, read.sealed);
  if (!opened.ok) return undefined;
  const { WatchUDID, PhoneUDID, at } = JSON.parse(fromUtf8(opened.value)) as Record<string, unknown>;
  const isFresh = typeof at === "number" && at + pairingLastsMs > now;
  return WatchUDID === UDID && PhoneUDID === read.phone && isFresh ? read.phone : undefined;
}
