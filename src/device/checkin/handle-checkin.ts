import { hasLeft } from "../../events/event.ts";
import type { Checkin, DeviceFacts, TokenUpdate } from "../../mdm/checkin.ts";
import { writePlist } from "../../plist/write.ts";
import { gatherMs } from "../alarm/outbox.ts";
import { answerDeclarative } from "../desired/declarations/answer.ts";
import { restartDeclarative } from "../desired/declarations/restart.ts";
import { requestReconcile } from "../desired/request-reconcile.ts";
import {
  addRenewal,
  admit,
  expiredButHere,
  notCommitted,
  outsider,
  refuseMessage,
} from "../identity/admission.ts";
import { adopt } from "../identity/adoption.ts";
import { firstAuthorization, mustSignIn } from "../identity/authorization.ts";
import type { EnrollmentTerms, Identity } from "../identity/enrollment.ts";
import { decideAuthenticate } from "../identity/enrollment-state.ts";
import { spent } from "../identity/refusals.ts";
import { claimedByAnother, identifiersOfPending, serialTaken } from "../identity/settle-serial.ts";
import { laterSigning, ranBack } from "../identity/signing-time.ts";
import { claim, empty, granted, needsLookup, type Reply, refused } from "../reply.ts";
import { beginSetup, leaveSetup } from "../setup/settle.ts";
import type { ChangingType } from "../store/rows.ts";
import { aboutUser, channelKey, type DeviceTurn, factsOf, unenrollReply } from "../turn.ts";
import { tokenRefusal } from "./answers.ts";
import { commitGeneration } from "./commit.ts";
import { hearingOf, noteHeard, tellReplayed } from "./heard.ts";
import type { SealedMessage } from "./sealed-message.ts";
import { oneUserTooMany } from "./user-channels.ts";

/**
 * What each check-in message does, with one function for each. All secrets in it were sealed before the turn began.
 * https://developer.apple.com/documentation/devicemanagement/check-in
 */
type Handler<Type extends Checkin["MessageType"]> = (
  turn: DeviceTurn,
  message: Extract<Checkin, { MessageType: Type }>,
  sealed: SealedMessage,
) => Reply;

export function handleCheckin(turn: DeviceTurn, message: Checkin, sealed: SealedMessage): Reply {
  const handler = handlers[message.MessageType] as Handler<Checkin["MessageType"]>;
  return handler(turn, message, sealed);
}

const handlers: { [Type in Checkin["MessageType"]]: Handler<Type> } = {
  Authenticate(turn, message, sealed) {
    if (turn.channel.userId !== undefined) return refused(deviceChannelOnly("Authenticate"));
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
  },

  TokenUpdate(turn, message, sealed) {
    const admission = admit(turn);
    if ("instead" in admission) return admission.instead;
    const { admitted: speaks } = admission;
    if (speaks.as === "active" && speaks.graceOnly) return refuseMessage(turn, expiredButHere());
    if (speaks.as === "pending" && turn.channel.userId !== undefined)
      return refuseMessage(turn, notCommitted());
    const hearing = hearingOf(turn, sealed.digest);
    if (hearing === "outdated" && !isSameAddress(turn, message)) return outdated(turn, "TokenUpdate");
    if (speaks.as === "pending") {
      const settled = identifiersOfPending(turn);
      if ("instead" in settled) return settled.instead;
      commitGeneration(turn, speaks.identity, settled);
    } else {
      const instead = claimedByAnother(turn) ?? oneUserTooMany(turn);
      if (instead) return instead;
      // A device in Setup Assistant was erased: this is not a renewal, and a new enrollment needs a new certificate.
      if (hearing === "first" && isSetUpAnew(turn, message)) return refuseMessage(turn, spent);
    }
    return enableChannel(turn, message, sealed);
  },

  CheckOut(turn, _message, sealed) {
    // A device that leaves need not sign in first.
    const admission = admit(turn, { mayBeSignedOut: true });
    if ("instead" in admission) return admission.instead;
    if (turn.channel.userId !== undefined) return refused(deviceChannelOnly("CheckOut"));
    if (hearingOf(turn, sealed.digest) === "outdated") return outdated(turn, "CheckOut");
    noteHeard(turn, "CheckOut", sealed.digest, turn.enrollment.generation);
    if (admission.admitted.as === "pending") {
      turn.store.setDevice({
        pending_generation: null,
        pending_facts: null,
        pending_terms: null,
        pending_authorization: null,
      });
      return empty;
    }
    if (hasLeft(turn.enrollment.state)) return empty;
    turn.store.disableChannels();
    turn.store.dropAssignment();
    turn.store.dropSetups();
    turn.store.setDevice({ state: "unenrolled" });
    turn.tell({
      name: "device.unenrolled",
      detail: { by: "device" },
      change: { device: { state: "unenrolled", unenrolledAt: turn.now }, allChannels: "disabled" },
    });
    return empty;
  },

  UserAuthenticate(turn, message) {
    const instead = outsider(turn);
    if (instead) return instead;
    if (turn.channel.userId === undefined) return refused(userChannelOnly("UserAuthenticate"));
    const policy = turn.proven.lookup?.policy;
    if (policy === undefined) return needsLookup;
    if (policy.userAuthenticate === "decline") {
      return refused({
        reason: "user-declined",
        detail: "directory users are not managed (setting user_authenticate)",
      });
    }
    // An empty challenge asks for no proof of the password, so there is no second request and no AuthToken.
    return message.DigestResponse === undefined ? plist({ DigestChallenge: "" }) : plist({ AuthToken: "" });
  },

  SetBootstrapToken(turn, message, sealed) {
    const instead = outsider(turn);
    if (instead) return instead;
    const { generation } = turn.enrollment;
    if (hearingOf(turn, sealed.digest) === "outdated") return outdated(turn, "SetBootstrapToken");
    noteHeard(turn, "SetBootstrapToken", sealed.digest, generation);
    turn.store.dropEscrow("bootstrap-token", generation);
    if (message.BootstrapToken === undefined || sealed.escrow === undefined) {
      turn.tell({ name: "escrow.deleted", detail: { name: "bootstrap-token", by: "device" } });
      return empty;
    }
    turn.store.storeEscrow("bootstrap-token", "", generation, turn.now, sealed.escrow);
    turn.tell({ name: "escrow.stored", detail: { name: "bootstrap-token" } });
    return empty;
  },

  GetBootstrapToken: (turn) => outsider(turn) ?? withBootstrapToken(turn),

  DeclarativeManagement: (turn, message, sealed) =>
    outsider(turn) ?? answerDeclarative(turn, message, sealed),

  GetToken(turn, message) {
    const instead = outsider(turn);
    if (instead) return instead;
    const unknown = tokenRefusal(message, turn.channel);
    return unknown ? refused(unknown) : granted;
  },

  ReturnToService(turn) {
    const instead = outsider(turn);
    if (instead) return instead;
    const policy = turn.proven.lookup?.policy;
    if (policy === undefined) return needsLookup;
    return policy.returnToService ? withBootstrapToken(turn) : granted;
  },
};

/** Each reading leaves an event, because attackers look for this secret. */
function withBootstrapToken({ store, enrollment, proven, tell }: DeviceTurn): Reply {
  if (store.currentEscrow("bootstrap-token", enrollment.generation)) {
    tell({
      name: "escrow.read",
      detail: { name: "bootstrap-token", by: "device", fingerprint: proven.fingerprint },
    });
  }
  return granted;
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

function enableChannel(turn: DeviceTurn, message: TokenUpdate, sealed: SealedMessage): Reply {
  const { store, channel, now } = turn;
  const key = channelKey(channel);
  const device = store.device();
  const isNew = store.channel(key)?.enabled !== 1;
  store.putChannel({
    user_id: key,
    kind: channel.kind,
    enabled: 1,
    topic: message.Topic,
    push_token: message.Token.slice().buffer as ArrayBuffer,
    push_magic: message.PushMagic,
    user_short_name: message.UserShortName ?? null,
    user_long_name: message.UserLongName ?? null,
    awaiting_configuration: message.AwaitingConfiguration ? 1 : 0,
    not_on_console: message.NotOnConsole ? 1 : 0,
    token_update_at: now,
    push_attempts: 0,
    push_at: null,
    unreachable: 0,
  });
  if (sealed.raw) store.keepMessage("TokenUpdate", key, now, sealed.raw);
  noteHeard(turn, "TokenUpdate", sealed.digest, device.generation);
  if (sealed.escrow) {
    store.dropEscrow("unlock-token", device.generation);
    store.storeEscrow("unlock-token", key, device.generation, now, sealed.escrow);
  }
  const isDevice = channel.userId === undefined;
  if (isNew) requestReconcile(turn);
  if (isDevice) {
    if (hasLeft(device.state)) comesBack(turn);
    store.setDevice({
      state: "enrolled",
      reauthenticated: 0,
      last_seen_at: now,
      ...laterSigning(turn, device),
    });
  }
  if (message.AwaitingConfiguration) beginSetup(turn, key);
  else leaveSetup(turn, key);
  turn.tell({
    name: "channel.enabled",
    ...aboutUser(channel),
    detail: {
      topic: message.Topic,
      awaiting_configuration: message.AwaitingConfiguration,
      // The channel was not enabled before, so other MDM servers count this TokenUpdate as the first.
      first: isNew,
    },
    change: {
      ...(isDevice ? { device: enrolledDevice(turn, message) } : {}),
      channel: {
        userId: key,
        kind: channel.kind,
        enabled: true,
        topic: message.Topic,
        userShortName: message.UserShortName ?? null,
        userLongName: message.UserLongName ?? null,
      },
    },
  });
  return empty;
}

/** The same answer as the first time. */
function outdated(turn: DeviceTurn, type: ChangingType): Reply {
  tellReplayed(turn, type);
  return empty;
}

function keepFacts(turn: DeviceTurn, told: DeviceFacts, sealed: SealedMessage): void {
  const facts = { ...factsOf(turn.device), ...told };
  turn.store.setDevice({ facts: JSON.stringify(facts) });
  if (sealed.raw) turn.store.keepMessage("Authenticate", "", turn.now, sealed.raw);
}

/**
 * Users log out and in again, and each time their channel sends the same messages as before. An old message does no harm
 * if its push token is the one in use now.
 */
function isSameAddress({ store, channel }: DeviceTurn, { Token, PushMagic }: TokenUpdate): boolean {
  const row = channel.userId === undefined ? undefined : store.channel(channelKey(channel));
  if (row?.push_token == null || row.push_magic !== PushMagic) return false;
  return Buffer.compare(new Uint8Array(row.push_token), Token) === 0;
}

/** The directory deleted its apps when it left. */
function comesBack(turn: DeviceTurn): void {
  const { store, now } = turn;
  restartDeclarative(turn);
  store.untellInventory();
  store.setDevice({ inventory_due_at: now + gatherMs, inventory_round_at: null });
}

const enrolledDevice = ({ now }: DeviceTurn, { AwaitingConfiguration }: TokenUpdate) => ({
  state: "enrolled" as const,
  unenrolledAt: null,
  erasedAt: null,
  lastSeenAt: now,
  awaitingConfiguration: AwaitingConfiguration,
});

const isSetUpAnew = ({ store, enrollment, channel }: DeviceTurn, message: TokenUpdate): boolean =>
  channel.userId === undefined &&
  message.AwaitingConfiguration &&
  enrollment.reauthenticated &&
  store.channel("")?.awaiting_configuration !== 1;

const plist = (value: Parameters<typeof writePlist>[0]): Reply => ({
  kind: "plist",
  body: writePlist(value),
});

const deviceChannelOnly = (type: string) => ({
  reason: "device-channel-only" as const,
  detail: `${type} belongs to the device channel`,
});

const userChannelOnly = (type: string) => ({
  reason: "user-channel-only" as const,
  detail: `${type} belongs to a user channel`,
});
