import type { DeviceFacts } from "../mdm/checkin.ts";
import { type ProvenIdentifiers, provenBy } from "../mdm/proven.ts";
import { turnAway } from "./admission.ts";
import { type IdentityRefusal, notVouched } from "./enrollment-state.ts";
import type { Reply } from "./reply.ts";
import { disputed } from "./serial-desk.ts";
import { decideSerial } from "./serial-number.ts";
import { provenOf, type Turn } from "./turn.ts";

/** At an Authenticate: the reply to a device that tells the serial number of another enrolled one. */
export function serialTaken(turn: Turn, serial: string | undefined): Reply | undefined {
  const decision = serial === undefined ? undefined : decide(turn, serial);
  return decision?.does === "refuse" ? turnAway(turn, inUse(serial, decision.heldBy)) : undefined;
}

type Settled = { instead: Reply } | { facts: DeviceFacts; proven: ProvenIdentifiers };

/** Before the pending enrollment comes into force: what it told of itself, and how much of that is proven. */
export function identifiersOfPending(turn: Turn): Settled {
  const facts = JSON.parse(turn.device?.pending_facts ?? "{}") as DeviceFacts;
  const { consulted } = turn.proven;
  const serial = facts.SerialNumber;
  if (consulted === undefined) return { instead: { kind: "consult", serial } };
  if (!consulted.vouched.ok) return { instead: turnAway(turn, notVouched(consulted.vouched.refusal)) };
  const proven = provenBy(issuedFor(turn), { deviceId: turn.enrollment.deviceId, serial });
  const settled = settle(turn, serial, proven);
  return "instead" in settled ? settled : { facts, proven: settled.proven };
}

/** An enrollment that had ended goes on: its serial number may be another's by now. */
export function claimedByAnother(turn: Turn): Reply | undefined {
  const { enrollment, speaker, store, device } = turn;
  if (speaker.userId !== undefined || enrollment.state !== "unenrolled") return undefined;
  const before = provenOf(device);
  const settled = settle(turn, enrollment.serial, before);
  if ("instead" in settled) return settled.instead;
  if (settled.proven !== before) store.setDevice({ proven: JSON.stringify(settled.proven) });
  return undefined;
}

function settle(
  turn: Turn,
  serial: string | undefined,
  proven: ProvenIdentifiers,
): { instead: Reply } | { proven: ProvenIdentifiers } {
  if (serial === undefined) return { proven };
  const decision = decide(turn, serial);
  switch (decision.does) {
    case "hold":
      return { proven };
    case "ask":
      return { instead: { kind: "consult", serial } };
    case "claim":
      return { instead: { kind: "claim", serial, from: decision.from } };
    case "refuse":
      return { instead: turnAway(turn, inUse(serial, decision.heldBy)) };
    case "dispute":
      return { proven: disputed(turn, serial, decision.heldBy, proven) };
  }
}

function decide(turn: Turn, serial: string) {
  const { consulted } = turn.proven;
  const { replaces, serial: named } = issuedFor(turn);
  const rights = {
    conflict: consulted?.policy.serialConflict ?? "refuse",
    mayTakeOver: replaces === true && named === serial,
  };
  return decideSerial(serial, consulted?.serial, rights, turn.now);
}

function issuedFor({ proven }: Turn) {
  const vouched = proven.consulted?.vouched;
  return (vouched?.ok ? vouched.value.issuedFor : undefined) ?? {};
}

const inUse = (serial: string | undefined, heldBy: string): IdentityRefusal => ({
  reason: "serial-number-in-use",
  detail: `${heldBy} is enrolled with the serial number ${serial}; end that enrollment, or use a challenge that an administrator minted for this number`,
});
