import { fromBase64Url } from "../../acme/base64url.ts";
import { fromUtf8, toBase64Url, utf8 } from "../../base/bytes.ts";
import { hour } from "../../base/time.ts";
import { sealingKeys } from "../../db/sealing-keys.ts";
import { masterKeys } from "../../pki/master.ts";
import { open, seal } from "../../pki/seal.ts";
import { enrollmentStateContext } from "../../pki/seal-contexts.ts";

/** What a Mac shows when it asks for its profile after its person has signed in: who that was, sealed. */
export type SignedIn = { account: string | undefined };

const lastsMs = hour;
const longest = 2_000;
const context = enrollmentStateContext("platform-sso");

export async function platformSsoToken(env: Env, { account }: SignedIn, now: number): Promise<string> {
  const text = JSON.stringify({ until: now + lastsMs, account });
  return toBase64Url(await seal(await sealingKeys(env), context, utf8(text)));
}

/** undefined: it is not ours, or its time is over. */
export async function readPlatformSsoToken(
  env: Env,
  token: string,
  now: number,
): Promise<SignedIn | undefined> {
  const bytes = token.length > longest ? undefined : fromBase64Url(token);
  const opened = bytes && (await open(await masterKeys(env), context, bytes));
  if (!opened?.ok) return undefined;
  const { until, account } = JSON.parse(fromUtf8(opened.value)) as { until: number; account?: string };
  return until > now ? { account } : undefined;
}
