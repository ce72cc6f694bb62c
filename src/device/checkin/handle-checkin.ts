import { hasLeft } from "../../events/event.ts";
import type { Checkin } from "../../mdm/checkin.ts";
import { answerDeclarative } from "../desired/declarations/answer.ts";
import { admit, outsider } from "../identity/admission.ts";
import { unenroll } from "../identity/leave.ts";
import {
  empty,
  granted,
  needsLookup,
  onDeviceChannelOnly,
  onUserChannelOnly,
  plist,
  type Reply,
  refused,
} from "../reply.ts";
import type { DeviceTurn } from "../turn.ts";
import { tokenRefusal } from "./answers.ts";
import { authenticate } from "./authenticate.ts";
import { hearingOf, noteHeard, outdated } from "./heard.ts";
import type { SealedMessage } from "./sealed-message.ts";
import { updateToken } from "./update-token.ts";

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
  Authenticate: authenticate,
  TokenUpdate: updateToken,

  CheckOut(turn, _message, sealed) {
    // A device that leaves need not sign in first.
    const admission = admit(turn, { mayBeSignedOut: true });
    if ("instead" in admission) return admission.instead;
    if (turn.channel.userId !== undefined) return onDeviceChannelOnly("CheckOut");
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
    if (!hasLeft(turn.enrollment.state)) unenroll(turn, "device");
    return empty;
  },

  UserAuthenticate(turn, message) {
    const instead = outsider(turn);
    if (instead) return instead;
    if (turn.channel.userId === undefined) return onUserChannelOnly("UserAuthenticate");
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
