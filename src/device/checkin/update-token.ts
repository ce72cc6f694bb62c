import { hasLeft } from "../../events/event.ts";
import type { TokenUpdate } from "../../mdm/checkin.ts";
import { gatherMs } from "../alarm/outbox.ts";
import { restartDeclarative } from "../desired/declarations/restart.ts";
import { requestReconcile } from "../desired/request-reconcile.ts";
import { admit, expiredButHere, notCommitted, refuseMessage } from "../identity/admission.ts";
import { spent } from "../identity/refusals.ts";
import { claimedByAnother, identifiersOfPending } from "../identity/settle-serial.ts";
import { laterSigning } from "../identity/signing-time.ts";
import { empty, type Reply } from "../reply.ts";
import { beginSetup, leaveSetup } from "../setup/settle.ts";
import { aboutUser, channelKey, type DeviceTurn } from "../turn.ts";
import { commitGeneration } from "./commit.ts";
import { hearingOf, noteHeard, outdated } from "./heard.ts";
import type { SealedMessage } from "./sealed-message.ts";
import { oneUserTooMany } from "./user-channels.ts";

/** Where a channel is to be woken. The first of a pending generation commits it. */
export function updateToken(turn: DeviceTurn, message: TokenUpdate, sealed: SealedMessage): Reply {
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
