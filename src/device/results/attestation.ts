import { attestationRoots, verifyAttestation } from "../../acme/attestation.ts";
import type { DeviceAttestation } from "../../acme/attested-facts.ts";
import { type Bytes, equalBytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { NewEvent } from "../../events/event.ts";
import { attestedOther } from "../../mdm/proven.ts";
import type { Turn } from "../turn.ts";
import { attestationOf } from "../turn.ts";

/**
 * Attestations in an enrolled device's answer to DeviceInformation: verified against Apple's root and the enrollment, and
 * stored.
 *
 * The surprise: Apple makes a new attestation for a device about once a week. In between it repeats the last one with the
 * old nonce: that is old but not forged. Its age is stored with it.
 */
export type ToldAttestation = { chain: readonly Bytes[]; nonce?: Bytes };

export type CheckedAttestation = Result<
  { attestation: DeviceAttestation; isFresh: boolean },
  { detail: string }
>;

/** The part that awaits. */
export async function checkAttestation(
  roots: string | undefined,
  { chain, nonce }: ToldAttestation,
  claimed: { deviceId: string; serial: string | undefined },
  now: number,
): Promise<CheckedAttestation> {
  if (chain.length === 0) return refuse({ detail: "the device answered without an attestation" });
  const verified = await verifyAttestation(chain, attestationRoots(roots), now);
  if (!verified.ok) return refuse({ detail: verified.refusal.detail });
  const { facts, freshness, madeAt } = verified.value;
  const other = attestedOther({ serial: facts.serial, udid: facts.udid }, claimed);
  if (other) return refuse({ detail: other });
  const isFresh = nonce !== undefined && freshness !== undefined && equalBytes(nonce, freshness);
  return ok({ attestation: { by: "device-information", madeAt, facts }, isFresh });
}

/** Nothing in here awaits. */
export function keepAttestation(turn: Turn, checked: CheckedAttestation, uuid: string): void {
  const { store, now } = turn;
  const device = store.device();
  if (!checked.ok) {
    const { detail } = checked.refusal;
    store.setDevice({ attestation_failure: JSON.stringify({ at: now, detail }) });
    const change = { device: { attestationFailedAt: now } };
    turn.tell({ name: "attestation.failed", detail: { uuid, detail }, change });
    return;
  }
  const { attestation, isFresh } = checked.value;
  // An answer that was read late, or a repeated old attestation, must not replace a newer one.
  const isNews = attestation.madeAt > (attestationOf(device)?.madeAt ?? 0);
  const hasRecovered = device.attestation_failure !== null;
  if (hasRecovered) store.setDevice({ attestation_failure: null });
  if (isNews) store.setDevice({ attestation: JSON.stringify(attestation) });
  if (!isNews && !hasRecovered) return;
  const detail: NewEvent["detail"] = { uuid, fresh: isFresh };
  const change = { device: { ...(isNews && { attestation }), attestationFailedAt: null } };
  turn.tell({ name: "attestation.verified", quiet: true, detail, change });
}
