import { type Bytes, concat, fromHex, sha256, toHex } from "../../base/bytes.ts";
import type { Checkin } from "../../mdm/checkin.ts";
import { empty, type Reply } from "../reply.ts";
import type { ChangingType, Heard } from "../store/rows.ts";
import { aboutUser, channelKey, type DeviceTurn } from "../turn.ts";

/**
 * What a device has sent before. `Mdm-Signature` has no nonce: anyone who has an old message can send it again, and its
 * signature is still valid. So the object keeps digests of the check-ins that changed something. A repeated message
 * changes nothing if a newer one of its type, or a new enrollment, came after it.
 *
 * Leaves to others: messages that only ask (an Idle has the same bytes each time, and so does GetBootstrapToken), and
 * everything signed by identities that are no longer accepted.
 *
 * The surprise: devices do repeat messages. The last message of its type may come any number of times. A message signed
 * later than the known one is not a replay, whatever its content. Macs do not send the time of signing.
 */

/** The present message; `signedAt` if the device sends the time of signing. */
type Said = { digest: string; signedAt: number | undefined };

export type Hearing = "first" | "again" | "outdated";

/** The newer types that make a message void. An old CheckOut must not end the enrollment of a device that came back. */
const endedBy: { readonly [Type in ChangingType]: readonly ChangingType[] } = {
  Authenticate: ["Authenticate"],
  TokenUpdate: ["TokenUpdate"],
  CheckOut: ["Authenticate", "TokenUpdate", "CheckOut"],
  SetBootstrapToken: ["SetBootstrapToken"],
};

export const changesSomething = (type: Checkin["MessageType"]): type is ChangingType =>
  Object.hasOwn(endedBy, type);

/** The same bytes from another identity are another message: each enrollment has its own CheckOut. */
export async function digestOf(body: Bytes, fingerprint: string): Promise<string> {
  return toHex(await sha256(concat([fromHex(fingerprint) ?? new Uint8Array(), body])));
}

/** `heard`: all known messages of one channel. `generation`: the active one. */
export function judge(heard: readonly Heard[], { digest, signedAt }: Said, generation: number): Hearing {
  const before = heard.find((one) => one.digest === digest);
  if (before === undefined || isSignedAnew(before, signedAt)) return "first";
  if (before.generation < generation) return "outdated";
  const isFollowed = heard.some(
    ({ message_type, number }) =>
      number > before.number && endedBy[before.message_type].includes(message_type),
  );
  return isFollowed ? "outdated" : "again";
}

/** The device itself sends the same again: nobody else can sign it with a later time. */
const isSignedAnew = ({ signed_at }: Heard, signedAt: number | undefined): boolean =>
  signedAt !== undefined && (signed_at === null || signedAt > signed_at);

/** Called after the channel is admitted and before anything is changed. */
export const hearingOf = (
  { store, device, enrollment, channel, proven: { signedAt } }: DeviceTurn,
  digest: string,
): Hearing =>
  device === undefined
    ? "first"
    : judge(store.heard(channelKey(channel)), { digest, signedAt }, enrollment.generation);

/** The same answer as the first time. */
export function outdated(turn: DeviceTurn, message_type: ChangingType): Reply {
  turn.tell({
    name: "checkin.replayed",
    ...aboutUser(turn.channel),
    detail: { message_type, fingerprint: turn.proven.fingerprint },
  });
  return empty;
}

/** For one channel: far more than any device sends in its life. */
const most = 200;

/** Records the message for the generation in which it was handled. */
export function noteHeard(
  { store, channel, proven }: DeviceTurn,
  message_type: ChangingType,
  digest: string,
  generation: number,
): void {
  const key = channelKey(channel);
  const heard = store.heard(key);
  const newest = heard.at(-1);
  const before = heard.find((one) => one.digest === digest);
  const signed_at = Math.max(before?.signed_at ?? 0, proven.signedAt ?? 0) || null;
  if (before !== undefined && before === newest) {
    const isNews = before.generation !== generation || before.signed_at !== signed_at;
    if (isNews) store.putHeard(key, { ...before, generation, signed_at });
    return;
  }
  const leaves = before ?? (heard.length >= most ? heard[0] : undefined);
  if (leaves) store.forgetHeard(key, leaves.number);
  store.putHeard(key, { number: (newest?.number ?? 0) + 1, message_type, generation, digest, signed_at });
}
