import { hasLeft } from "../../events/event.ts";
import { type DeviceRefusal, type Reply, refused } from "../reply.ts";
import { aboutUser, type DeviceTurn, unenrollReply } from "../turn.ts";
import { adopt } from "./adoption.ts";
import { mustSignIn } from "./authorization.ts";
import type { Identity } from "./enrollment.ts";
import { decideMessage, type MessageDecision } from "./enrollment-state.ts";
import { unenroll } from "./leave.ts";
import { ranBack } from "./signing-time.ts";
import { standingOf } from "./standing.ts";

/** Admitted: the channel's message is handled, with this enrollment and these limits. Otherwise the reply to send. */
export type Admission = { admitted: MessageDecision } | { instead: Reply };

/** Applies the identity rules to every message except Authenticate, and stores their changes to identities. */
export function admit(turn: DeviceTurn, { mayBeSignedOut = false } = {}): Admission {
  const decision = decideMessage(turn.enrollment, { ...turn.proven, now: turn.now });
  if (!decision.ok) return { instead: refuseMessage(turn, decision.refusal) };
  if ("needs" in decision.value) return { instead: { kind: decision.value.needs } };
  const speaks = decision.value;
  if (speaks.adopts) adopt(turn, speaks.adopts);
  if (speaks.as === "active") {
    const tooOld = ranBack(turn);
    if (tooOld) return { instead: refuseMessage(turn, tooOld) };
    if (turn.enrollment.ending) return { instead: endEnrollment(turn) };
    // Before anything of the message is kept.
    const signIn = mayBeSignedOut ? undefined : mustSignIn(turn, "active");
    if (signIn) return { instead: signIn };
    if (speaks.adds) addRenewal(turn, speaks.adds, false);
    for (const fingerprint of speaks.retires) retire(turn, fingerprint);
  } else {
    const signIn = mayBeSignedOut ? undefined : mustSignIn(turn, "pending");
    if (signIn) return { instead: signIn };
  }
  return { admitted: speaks };
}

/** The reply to a sender that may get nothing; undefined for the active enrollment. */
export function outsider(turn: DeviceTurn, options?: { mayBeSignedOut: boolean }): Reply | undefined {
  const admission = admit(turn, options);
  if ("instead" in admission) return admission.instead;
  if (admission.admitted.as === "pending") return refuseMessage(turn, notCommitted());
  return admission.admitted.graceOnly ? refuseMessage(turn, expiredButHere()) : undefined;
}

/** A refusal leaves an event, but not every time, because devices repeat their requests without end. */
export function refuseMessage(turn: DeviceTurn, refusal: DeviceRefusal): Reply {
  if (turn.device !== undefined) {
    turn.tell({
      name: "device.refused",
      ...aboutUser(turn.channel),
      detail: { reason: refusal.reason, detail: refusal.detail, fingerprint: turn.proven.fingerprint },
    });
  }
  const unknown = refusal.reason === "unknown-device";
  return unknown && turn.proven.lookup?.policy.unknownDevice === "unenroll"
    ? unenrollReply(turn.device)
    : refused(refusal);
}

export function addRenewal(turn: DeviceTurn, identity: Identity, byAuthenticate: boolean): void {
  turn.store.pinIdentity(identity);
  const { issued } = turn.proven.lookup ?? {};
  const attestation = issued?.ok ? issued.value.attestation : undefined;
  if (attestation) {
    turn.store.setDevice({
      attestation: JSON.stringify(attestation),
      attestation_due_at: null,
      attestation_failure: null,
    });
  }
  turn.tell({
    name: "identity.renewed",
    ...(attestation && { change: { device: { attestation } } }),
    detail: {
      fingerprint: identity.fingerprint,
      not_after: new Date(identity.notAfter).toISOString(),
      by_authenticate: byAuthenticate,
    },
    change: standingOf(turn.store, [identity.fingerprint]),
  });
}

function retire(turn: DeviceTurn, fingerprint: string): void {
  const endsAt = turn.now + (turn.proven.lookup?.policy.overlapMs ?? 0);
  turn.store.retireIdentity(fingerprint, endsAt);
  turn.tell({
    name: "identity.superseded",
    detail: { fingerprint, accepted_until: new Date(endsAt).toISOString() },
    change: standingOf(turn.store, [fingerprint]),
  });
}

/** The event is written once; the answer is given each time the device asks. */
function endEnrollment(turn: DeviceTurn): Reply {
  if (!hasLeft(turn.enrollment.state)) unenroll(turn, "administrator");
  return unenrollReply(turn.device);
}

export const notCommitted = () => ({
  reason: "not-committed" as const,
  detail: "this enrollment begins with the TokenUpdate of the device channel",
});

export const expiredButHere = () => ({
  reason: "identity-expired" as const,
  detail: "the certificate has expired; with it the device may only connect to fetch its renewal",
});
