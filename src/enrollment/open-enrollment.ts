import { type Result, refuse } from "../base/result.ts";
import { countOpenChallenges } from "../db/challenges.ts";
import { openDb } from "../db/open.ts";
import {
  type ComposedProfile,
  type ComposeRefusal,
  composeProfile,
  type ProfileOrder,
} from "./compose-profile.ts";

/** How many unused profiles that name nobody may exist. */
const mostWaiting = 10_000;

export type OpenRefusal = ComposeRefusal | { reason: "too-many-waiting"; detail: string };

/**
 * The profile for anybody who finds the page, if the settings allow that. Each download stores a challenge as long as it
 * can be used, so their number is limited: strangers must not fill the database.
 */
export async function composeForAnybody(
  env: Env,
  order: Omit<ProfileOrder, "issuedFor">,
  now: number,
): Promise<Result<ComposedProfile, OpenRefusal>> {
  if ((await countOpenChallenges(openDb(env.DB), now, mostWaiting)) >= mostWaiting) {
    const detail = `${mostWaiting} profiles for anybody were fetched and are not used yet; more are given when those expire (challenge_hours)`;
    return refuse({ reason: "too-many-waiting", detail });
  }
  return composeProfile(env, { ...order, issuedFor: {} }, now);
}
