import { fromUtf8, utf8 } from "../../base/bytes.ts";
import type { Result } from "../../base/result.ts";
import { type GrantRow, keepGrantChallenge } from "../../db/account-grants.ts";
import { openDb } from "../../db/open.ts";
import { sealingKeys } from "../../db/sealing-keys.ts";
import { masterKeys } from "../../pki/master.ts";
import { openText, sealText } from "../../pki/seal.ts";
import { accountChallengeContext } from "../../pki/seal-contexts.ts";
import { type MintedChallenge, readIsUsed } from "../challenges.ts";
import {
  type ComposedProfile,
  type ComposeRefusal,
  composeProfile,
  type ProfileOrder,
} from "../compose-profile.ts";
import type { AccountKind } from "./rules.ts";

/**
 * The enrollment profile of a person who signed in. Devices may fetch it more than once, since installations fail: the
 * challenge in it stays the same until it was used.
 */
export async function composeForGrant(
  env: Env,
  grant: GrantRow,
  kind: AccountKind,
  order: Omit<ProfileOrder, "kind" | "issuedFor" | "again" | "grant">,
  now: number,
): Promise<Result<ComposedProfile, ComposeRefusal>> {
  const kept = await challengeOfGrant(env, grant, now);
  const again = kept === "used" ? undefined : kept;
  const full: ProfileOrder = {
    ...order,
    kind,
    issuedFor: { account: grant.account },
    grant: grant.id,
    ...(again && { again }),
  };
  const composed = await composeProfile(env, full, now);
  if (composed.ok && !again) await keepChallenge(env, grant, composed.value);
  return composed;
}

/** Who asks again for that grant gets the same. */
export async function keepChallenge(
  env: Env,
  { id }: GrantRow,
  { challenge, expiresAt }: MintedChallenge,
): Promise<void> {
  const sealed = await sealText(await sealingKeys(env), accountChallengeContext(id), utf8(challenge));
  await keepGrantChallenge(openDb(env.DB), id, sealed, expiresAt);
}

/** undefined: there is none that is good; used: somebody has enrolled with it. */
export async function challengeOfGrant(
  env: Env,
  { id, sealedChallenge, challengeExpiresAt }: GrantRow,
  now: number,
): Promise<MintedChallenge | "used" | undefined> {
  if (sealedChallenge === null || challengeExpiresAt === null || challengeExpiresAt <= now) return undefined;
  const opened = await openText(await masterKeys(env), accountChallengeContext(id), sealedChallenge);
  if (!opened.ok) throw new Error(`cannot open the challenge of grant ${id}: ${opened.refusal.detail}`);
  const challenge = fromUtf8(opened.value);
  const isUsed = await readIsUsed(openDb(env.DB), challenge);
  return isUsed ? "used" : { challenge, expiresAt: challengeExpiresAt };
}
