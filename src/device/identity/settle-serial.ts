import { hasLeft } from "../../events/event.ts";
import type { DeviceFacts } from "../../mdm/checkin.ts";
import { type ProvenIdentifiers, provenBy } from "../../mdm/proven.ts";
import type { PendingIdentifiers } from "../checkin/commit.ts";
import type { Reply } from "../reply.ts";
import { type DeviceTurn, provenOf } from "../turn.ts";
import { refuseMessage } from "./admission.ts";
import type { IdentityRefusal } from "./enrollment.ts";
import { notVouched } from "./refusals.ts";
import { decideSerial } from "./serial-number.ts";
import { disputed } from "./serial-rpc.ts";

/** At an Authenticate: the reply to a device that reports the serial number of another enrolled device. */
export function serialTaken(turn: DeviceTurn, serial: string | undefined): Reply | undefined {
  const decision = serial === undefined ? undefined : decide(turn, serial);
  return decision?.does === "refuse" ? refuseMessage(turn, inUse(serial, decision.heldBy)) : undefined;
}

type Settled = { instead: Reply } | PendingIdentifiers;

/** Before the pending enrollment is committed: what it reported about itself, and how much of that is proven. */
export function identifiersOfPending(turn: DeviceTurn): Settled {
  const facts = JSON.parse(turn.device?.pending_facts ?? "{}") as DeviceFacts;
  const { lookup } = turn.proven;
  const serial = facts.SerialNumber;
  if (lookup === undefined) return { instead: { kind: "look-up", serial } };
  if (!lookup.issued.ok) return { instead: refuseMessage(turn, notVouched(lookup.issued.refusal)) };
  const proven = provenBy(issuedFor(turn), { deviceId: turn.enrollment.deviceId, serial });
  const settled = settle(turn, serial, proven);
  if ("instead" in settled) return settled;
  return { facts, proven: settled.proven, attestation: lookup.issued.value.attestation };
}

/** An ended enrollment continues: another device may have its serial number now. */
export function claimedByAnother(turn: DeviceTurn): Reply | undefined {
  const { enrollment, channel, store, device } = turn;
  if (channel.userId !== undefined || !hasLeft(enrollment.state)) return undefined;
  const before = provenOf(device);
  const settled = settle(turn, enrollment.serial, before);
  if ("instead" in settled) return settled.instead;
  if (settled.proven !== before) store.setDevice({ proven: JSON.stringify(settled.proven) });
  return undefined;
}

function settle(
  turn: DeviceTurn,
  serial: string | undefined,
  proven: ProvenIdentifiers,
): { instead: Reply } | { proven: ProvenIdentifiers } {
  if (serial === undefined) return { proven };
  const decision = decide(turn, serial);
  switch (decision.does) {
    case "hold":
      return { proven };
    case "ask":
      return { instead: { kind: "look-up", serial } };
    case "claim":
      return { instead: { kind: "claim", serial, from: decision.from } };
    case "refuse":
      return { instead: refuseMessage(turn, inUse(serial, decision.heldBy)) };
    case "dispute":
      return { proven: disputed(turn, serial, decision.heldBy, proven) };
  }
}

function decide(turn: DeviceTurn, serial: string) {
  const { lookup } = turn.proven;
  const { replaces, serial: named } = issuedFor(turn);
  const rights = {
    conflict: lookup?.policy.serialConflict ?? "refuse",
    mayTakeOver: replaces === true && named === serial,
  };
  return decideSerial(serial, lookup?.serial, rights, turn.now);
}

function issuedFor({ proven }: DeviceTurn) {
  const issued = proven.lookup?.issued;
  return (issued?.ok ? issued.value.issuedFor : undefined) ?? {};
}

const inUse = (serial: string | undefined, heldBy: string): IdentityRefusal => ({
  reason: "serial-number-in-use",
  detail: `${heldBy} is enrolled with the serial number ${serial}; end that enrollment, or use a challenge that an administrator made for this number`,
});
