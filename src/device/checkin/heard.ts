import { type Bytes, concat, fromHex, sha256, toHex } from "../../base/bytes.ts";
import type { Checkin } from "../../mdm/checkin.ts";
import type { ChangingType, Heard } from "../store/rows.ts";
import { aboutUser, channelKey, type DeviceTurn } from "../turn.ts";

/**
 * What a device has said before. `Mdm-Signature` has no nonce: whoever holds an old message can send it again, and it is as
 * well signed as on its first day. So the object keeps digests of the check-ins that changed something. One that was heard
 * before and was followed by a newer one of its type, or by a new enrollment, changes nothing more.
 *
 * Leaves to others: what only asks (an Idle is the same bytes each time, and so is GetBootstrapToken), and identities that
 * are no longer accepted, with all that they ever signed.
 *
 * The surprise: devices do repeat themselves. The last one of its type may come any number of times; and what was signed
 * later than it was heard is no replay, whatever it says. Macs do not tell when they sign.
 */

/** What is said now; `signedAt` where the device tells when it signed. */
type Said = { digest: string; signedAt: number | undefined };

export type Hearing = "first" | "again" | "outdated";

/** What ends the worth of each type. A device that left and came back must not be made to leave by its old goodbye. */
const endedBy: { readonly [Type in ChangingType]: readonly ChangingType[] } = {
  Authenticate: ["Authenticate"],
  TokenUpdate: ["TokenUpdate"],
  CheckOut: ["Authenticate", "TokenUpdate", "CheckOut"],
  SetBootstrapToken: ["SetBootstrapToken"],
};

export const changesSomething = (type: Checkin["MessageType"]): type is ChangingType =>
  Object.hasOwn(endedBy, type);

/** The same words of another identity are another message: each enrollment has its own goodbye. */
export async function digestOf(body: Bytes, fingerprint: string): Promise<string> {
  return toHex(await sha256(concat([fromHex(fingerprint) ?? new Uint8Array(), body])));
}

/** `heard`: all of one channel. `generation`: the active one. */
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

/** The device says the same once more: nobody else can give its words a later time. */
const isSignedAnew = ({ signed_at }: Heard, signedAt: number | undefined): boolean =>
  signedAt !== undefined && (signed_at === null || signedAt > signed_at);

/** Asked once the channel is admitted, before anything is changed. */
export const hearingOf = (
  { store, device, enrollment, channel, proven: { signedAt } }: DeviceTurn,
  digest: string,
): Hearing =>
  device === undefined
    ? "first"
    : judge(store.heard(channelKey(channel)), { digest, signedAt }, enrollment.generation);

export function tellReplayed(turn: DeviceTurn, message_type: ChangingType): void {
  turn.tell({
    name: "checkin.replayed",
    ...aboutUser(turn.channel),
    detail: { message_type, fingerprint: turn.proven.fingerprint },
  });
}

/** Of one channel: far more than any device has to say in its life. */
const most = 200;

/** Notes what was done, for the generation that it was done in. */
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
