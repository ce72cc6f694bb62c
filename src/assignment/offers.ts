import { trustedIdentifiers } from "../admin/trusted-identifiers.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { deviceChanged } from "../db/assignment-changes.ts";
import { setsOfDevice } from "../db/channel-sets.ts";
import {
  type Chosen,
  choose,
  dropChoice,
  dropEarlierChoices,
  type OfferRow,
  offersOf,
} from "../db/choices.ts";
import { renewShelfLinks } from "../db/devices.ts";
import { applyTogether, findListed } from "../db/directory.ts";
import type { Channel } from "../db/memberships.ts";
import { type Db, openDb } from "../db/open.ts";
import { startAssigning } from "../library/start-assigning.ts";
import { type OfferState, offerState } from "./offer-state.ts";
import { shelfUrl } from "./shelf-link.ts";

/** What the sets of a channel offer, and what was chosen of it. A choice ends with the enrollment. */
export type Offer = Chosen & {
  /** For people; null: it has none. */
  name: string | null;
  iconUrl: string | null;
  sets: string[];
  /** `by`: a token's id; null: a person at the device. */
  chosen: { at: number; by: string | null } | undefined;
  state: OfferState;
  since: number | null;
  reason: string | null;
};

export type Offers = { generation: number; offers: Offer[] };

export type OfferRefusal = { reason: "unknown-device" | "not-enrolled" | "not-offered" };

/** Of an enrolled device. */
export async function listOffers(
  env: Env,
  channel: Channel,
  now: number,
): Promise<Result<Offers, OfferRefusal>> {
  const db = openDb(env.DB);
  const [{ device, channels }, identifiers, held] = await Promise.all([
    findListed(db, channel.deviceId),
    trustedIdentifiers(env, now),
    setsOfDevice(db, channel.deviceId),
  ]);
  const isThere = channel.userId === "" || channels.some(({ userId }) => userId === channel.userId);
  if (device === undefined || !isThere) return refuse({ reason: "unknown-device" });
  if (device.state !== "enrolled") return refuse({ reason: "not-enrolled" });
  // Sets of an earlier enrollment that nobody confirmed offer nothing.
  const isTrusted = identifiers === "reported" || !device.heldBack;
  const names = held
    .filter(({ userId, source }) => userId === channel.userId && (isTrusted || source === "rule"))
    .map(({ setName }) => setName);
  const rows = await offersOf(db, channel, device.generation, names);
  return ok({ generation: device.generation, offers: rows.map(offerFrom) });
}

const offerFrom = ({
  kind,
  identifier,
  name,
  iconUrl,
  sets,
  chosenAt,
  chosenBy,
  reason,
  ...reported
}: OfferRow): Offer => ({
  kind,
  identifier,
  name,
  iconUrl,
  sets: (JSON.parse(sets) as string[]).sort(),
  chosen: chosenAt === null ? undefined : { at: chosenAt, by: chosenBy },
  ...offerState({ ...reported, chosenAt }),
  reason,
});

/** The device gets it a moment later. Choosing again changes nothing. */
export async function chooseOffer(
  env: Env,
  channel: Channel,
  { kind, identifier }: Chosen,
  by: string | null,
  now: number,
): Promise<Result<Offer, OfferRefusal>> {
  const found = await findOffer(env, channel, { kind, identifier }, now);
  if (!found.ok) return found;
  const { offer, generation } = found.value;
  if (offer.chosen) return ok(offer);
  await change(env, channel, now, (db) => [
    dropEarlierChoices(db, channel.deviceId, generation),
    choose(db, channel, { kind, identifier }, { generation, now, by }),
  ]);
  return ok({ ...offer, chosen: { at: now, by }, state: "installing", since: now });
}

/** The device loses it a moment later. What was not chosen stays as it is. */
export async function returnOffer(
  env: Env,
  channel: Channel,
  chosen: Chosen,
  now: number,
): Promise<Result<undefined, OfferRefusal>> {
  const found = await findOffer(env, channel, chosen, now);
  if (!found.ok) return found;
  if (found.value.offer.chosen) await change(env, channel, now, (db) => [dropChoice(db, channel, chosen)]);
  return ok(undefined);
}

/** The link of a channel's self-service page. `renew`: all earlier links of the device end, and a web clip gets the new one. */
export async function findShelfLink(
  env: Env,
  channel: Channel,
  { origin, renew = false }: { origin: string; renew?: boolean },
  now: number,
): Promise<Result<string, OfferRefusal>> {
  const db = openDb(env.DB);
  const { device, channels } = await findListed(db, channel.deviceId);
  const isThere = channel.userId === "" || channels.some(({ userId }) => userId === channel.userId);
  if (device === undefined || !isThere) return refuse({ reason: "unknown-device" });
  if (device.state !== "enrolled") return refuse({ reason: "not-enrolled" });
  if (!renew) return ok(await shelfUrl(env, origin, channel, device));
  await change(env, channel, now, () => [renewShelfLinks(db, channel.deviceId)]);
  const { device: renewed = device } = await findListed(db, channel.deviceId);
  return ok(await shelfUrl(env, origin, channel, renewed));
}

export async function findOffer(
  env: Env,
  channel: Channel,
  { kind, identifier }: Chosen,
  now: number,
): Promise<Result<{ offer: Offer; generation: number }, OfferRefusal>> {
  const listed = await listOffers(env, channel, now);
  if (!listed.ok) return listed;
  const { offers, generation } = listed.value;
  const offer = offers.find((one) => one.kind === kind && one.identifier === identifier);
  return offer ? ok({ offer, generation }) : refuse({ reason: "not-offered" });
}

async function change(
  env: Env,
  { deviceId }: Channel,
  now: number,
  statements: (db: Db) => Parameters<typeof applyTogether>[1],
): Promise<void> {
  const db = openDb(env.DB);
  await applyTogether(db, [...statements(db), deviceChanged(db, deviceId, { now })]);
  await startAssigning(env);
}
