import { loadSettings } from "../../admin/settings.ts";
import { askForSync, findProvisioned, type ProvisionedDevice } from "../../apple-business/devices.ts";
import { log } from "../../base/log.ts";
import { type Result, refuse } from "../../base/result.ts";
import { minute } from "../../base/time.ts";
import { listAccountsWithToken } from "../../db/ade-accounts.ts";
import { findChallenge } from "../../db/challenges.ts";
import { type Db, openDb } from "../../db/open.ts";
import { platformOf } from "../../mdm/platform.ts";
import { keepChallenge } from "../account/profile.ts";
import { challengeId, type MintedChallenge } from "../challenges.ts";
import {
  type ComposedProfile,
  type ComposeRefusal,
  composeProfile,
  type ProfileOrder,
} from "../compose-profile.ts";
import { decideAdmission, type Incoming, type Turned, versionWanted } from "./decide.ts";
import type { SignedIn } from "./platform-sso-token.ts";

/** A device that Apple sent here: held against what the portal says, and given the profile that is for it alone. */
export type Arrival = Omit<Incoming, "known"> &
  Pick<ProfileOrder, "address" | "organization"> & {
    /** Who signed in on it. */
    account?: string | undefined;
    /** The same person, by a token that this device alone may show. */
    signedIn?: Pick<SignedIn, "grant" | "again"> | undefined;
  };

export type AdmissionRefusal = ({ kind: "turned" } & Turned) | { kind: "not-ready"; refusal: ComposeRefusal };

/** Why it would not be let in, before anything is asked of the person. */
export async function turnedAway(
  env: Env,
  arrival: Omit<Incoming, "known">,
  now: number,
): Promise<{ turned: Turned | undefined; device: ProvisionedDevice | undefined }> {
  const db = openDb(env.DB);
  const device = await findOrAsk(env, db, arrival.machine.SERIAL);
  const settings = await loadSettings(env, now);
  const policy = {
    unknownDevice: settings.ade_unknown_device,
    minimumVersions: settings.ade_minimum_versions,
    platformSso: settings.ade_platform_sso,
  };
  const hasSignIn = device?.profile?.value.configuration_web_url !== undefined;
  const incoming = { ...arrival, known: device && { account: device.account, hasSignIn } };
  const wanted = versionWanted(incoming, policy);
  const turned =
    decideAdmission(incoming, policy) ??
    (wanted && (await (await import("./too-old.ts")).tooOld(db, arrival.machine, wanted, now)));
  return { turned, device };
}

export async function admit(
  env: Env,
  arrival: Arrival,
  now: number,
): Promise<Result<ComposedProfile, AdmissionRefusal>> {
  const { turned, device } = await turnedAway(env, arrival, now);
  const { SERIAL: serial, UDID: udid, PRODUCT: productName, OS_VERSION: osVersion } = arrival.machine;
  log({
    event: "enrollment.provisioned",
    serial,
    udid,
    ...(device && { account: device.account }),
    outcome: turned?.reason ?? "admitted",
  });
  if (turned) return refuse({ kind: "turned", ...turned });
  const { account, address, organization } = arrival;
  const order: ProfileOrder = {
    kind: "ade",
    // What Apple's portal says is this organization's may take its own place: it was erased, and nobody told us.
    issuedFor: {
      serial,
      udid,
      ...(account !== undefined && { account }),
      ...(device && { replaces: true as const }),
    },
    address,
    organization,
    platform: platformOf([productName]),
    productName,
    osVersion,
  };
  const { signedIn } = arrival;
  const isByPost = account === undefined && signedIn === undefined;
  const again = isByPost ? await lately.find(openDb(env.DB), serial, udid, now) : signedIn?.again;
  const composed = await composeProfile(env, { ...order, ...(again && { again }) }, now);
  if (!composed.ok) return refuse({ kind: "not-ready", refusal: composed.refusal });
  if (isByPost) lately.keep(serial, udid, composed.value, now);
  if (signedIn && !again) await keepChallenge(env, signedIn.grant, composed.value);
  return composed;
}

const mostAccountsAsked = 4;

/** Bought this morning, it may be in the portal and not here yet. */
async function findOrAsk(env: Env, db: Db, serial: string): Promise<ProvisionedDevice | undefined> {
  const known = await findProvisioned(db, serial);
  if (known) return known;
  const accounts = (await listAccountsWithToken(db)).slice(0, mostAccountsAsked);
  const answers = await Promise.allSettled(accounts.map(({ name }) => askForSync(env, name)));
  for (const answer of answers)
    if (answer.status === "rejected") log({ event: "enrollment.sync_failed", detail: String(answer.reason) });
  return accounts.length > 0 ? findProvisioned(db, serial) : undefined;
}

/**
 * A device that lost its answer asks again, and a message that somebody recorded can be sent for ever: for a while both get
 * the same challenge, as long as nobody has used it. In memory: an isolate that forgets gives another one.
 */
class Lately {
  readonly #given = new Map<string, MintedChallenge & { at: number }>();

  async find(db: Db, serial: string, udid: string, now: number): Promise<MintedChallenge | undefined> {
    const given = this.#given.get(`${serial} ${udid}`);
    if (given === undefined || given.at + againForMs <= now || given.expiresAt <= now) return undefined;
    const row = await findChallenge(db, await challengeId(given.challenge));
    return row?.consumedBy === null ? given : undefined;
  }

  keep(serial: string, udid: string, { challenge, expiresAt }: MintedChallenge, now: number): void {
    if (this.#given.size >= mostKept) this.#given.clear();
    this.#given.set(`${serial} ${udid}`, { challenge, expiresAt, at: now });
  }
}

const againForMs = 10 * minute;
const mostKept = 1_000;
const lately = new Lately();
