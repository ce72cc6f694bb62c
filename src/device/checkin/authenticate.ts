import type { Authenticate, DeviceFacts } from "../../mdm/checkin.ts";
import { addRenewal, refuseMessage } from "../identity/admission.ts";
import { adopt } from "../identity/adoption.ts";
import { firstAuthorization, mustSignIn } from "../identity/authorization.ts";
import type { EnrollmentTerms, Identity } from "../identity/enrollment.ts";
import { decideAuthenticate } from "../identity/enrollment-state.ts";
import { serialTaken } from "../identity/settle-serial.ts";
import { ranBack } from "../identity/signing-time.ts";
import { claim, empty, onDeviceChannelOnly, type Reply } from "../reply.ts";
import { type DeviceTurn, factsOf, unenrollReply } from "../turn.ts";
import { hearingOf, noteHeard, outdated } from "./heard.ts";
import type { SealedMessage } from "./sealed-message.ts";

/** The first message of an enrollment, and of a renewed profile: it opens a pending generation, or keeps everything. */
export function authenticate(turn: DeviceTurn, message: Authenticate, sealed: SealedMessage): Reply {
  if (turn.channel.userId !== undefined) return onDeviceChannelOnly("Authenticate");
  const { SerialNumber: serial, ...others } = message.facts;
  const decision = decideAuthenticate(turn.enrollment, { ...turn.proven, now: turn.now }, serial);
  if (!decision.ok) return refuseMessage(turn, decision.refusal);
  if ("needs" in decision.value)
    return decision.value.needs === "look-up" ? { kind: "look-up", serial } : claim;
  if (decision.value.does === "open") {
    return serialTaken(turn, serial) ?? openGeneration(turn, decision.value, message.facts, sealed);
  }
  if (decision.value.adopts) adopt(turn, decision.value.adopts);
  const tooOld = ranBack(turn);
  if (tooOld) return refuseMessage(turn, tooOld);
  if (turn.enrollment.ending) return unenrollReply(turn.device);
  const signIn = mustSignIn(turn, "active");
  if (signIn) return signIn;
  const hearing = hearingOf(turn, sealed.digest);
  if (hearing === "outdated") return outdated(turn, "Authenticate");
  if (decision.value.adds) addRenewal(turn, decision.value.adds, true);
  turn.store.setDevice({ reauthenticated: 1 });
  // The serial number stays the one from the beginning of the enrollment.
  if (hearing === "first") keepFacts(turn, others, sealed);
  noteHeard(turn, "Authenticate", sealed.digest, turn.enrollment.generation);
  turn.tell({
    name: "device.authenticated",
    detail: { renewal: true, generation: turn.enrollment.generation, topic: message.Topic },
    ...(hearing === "first" ? { change: { device: { facts: others } } } : {}),
  });
  return empty;
}

function openGeneration(
  turn: DeviceTurn,
  { identity, terms }: { identity: Identity; terms: EnrollmentTerms | undefined },
  facts: DeviceFacts,
  sealed: SealedMessage,
): Reply {
  const { store, enrollment } = turn;
  if (hearingOf(turn, sealed.digest) === "outdated") return outdated(turn, "Authenticate");
  const authorization = firstAuthorization(turn, terms?.grant);
  if ("instead" in authorization) return authorization.instead;
  if (turn.device === undefined) store.create(enrollment.deviceId);
  store.pinIdentity(identity);
  store.setDevice({
    pending_generation: identity.generation,
    pending_facts: JSON.stringify(facts),
    ...(terms ? { pending_terms: JSON.stringify(terms) } : {}),
    pending_authorization: authorization.keeps,
  });
  if (sealed.raw) store.keepMessage("PendingAuthenticate", "", turn.now, sealed.raw);
  noteHeard(turn, "Authenticate", sealed.digest, identity.generation);
  turn.tell({
    name: "device.authenticated",
    detail: { renewal: false, generation: identity.generation, fingerprint: identity.fingerprint },
    // While an older generation is active, the directory still shows that one.
    ...(enrollment.generation === 0 ? { change: { device: { state: "pending" as const, facts } } } : {}),
  });
  return empty;
}

function keepFacts(turn: DeviceTurn, told: DeviceFacts, sealed: SealedMessage): void {
  const facts = { ...factsOf(turn.device), ...told };
  turn.store.setDevice({ facts: JSON.stringify(facts) });
  if (sealed.raw) turn.store.keepMessage("Authenticate", "", turn.now, sealed.raw);
}
