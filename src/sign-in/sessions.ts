import { fromUtf8, sha256, toBase64Url, toHex, utf8 } from "../base/bytes.ts";
import { hour } from "../base/time.ts";
import { openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { deleteSession, findSession, insertSession, type SessionRow } from "../db/sign-in.ts";
import { masterKeys } from "../pki/master.ts";
import { openText, sealText } from "../pki/seal.ts";
import { signInHintContext } from "../pki/seal-contexts.ts";
import type { Person } from "./person.ts";

/** People who are signed in at a browser. The cookie has 32 random bytes, of which D1 knows the hash. */
const hashOf = async (secret: string): Promise<string> => toHex(await sha256(utf8(secret)));

export async function openSession(
  env: Env,
  person: Person,
  { idToken, hours }: { idToken: string | undefined; hours: number },
  now: number,
): Promise<{ secret: string; expiresAt: number }> {
  const secret = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const id = await hashOf(secret);
  const sealedHint =
    idToken === undefined
      ? null
      : await sealText(await sealingKeys(env), signInHintContext(id), utf8(idToken));
  const expiresAt = now + hours * hour;
  await insertSession(
    openDb(env.DB),
    { id, person: JSON.stringify(person), sealedHint, createdAt: now, expiresAt },
    now,
  );
  return { secret, expiresAt };
}

/** Who is signed in by this cookie. */
export async function personOfSession(
  env: Env,
  secret: string | undefined,
  now: number,
): Promise<Person | undefined> {
  if (!isSecret(secret)) return undefined;
  const row = await findSession(openDb(env.DB), await hashOf(secret), now);
  return row && (JSON.parse(row.person) as Person);
}

/** Ends it here; what is told to the provider, so that it ends there as well. */
export async function closeSession(
  env: Env,
  secret: string | undefined,
): Promise<{ idToken: string | undefined } | undefined> {
  if (!isSecret(secret)) return undefined;
  const row = await deleteSession(openDb(env.DB), await hashOf(secret));
  return row && { idToken: await hintOf(env, row) };
}

async function hintOf(env: Env, { id, sealedHint }: SessionRow): Promise<string | undefined> {
  if (sealedHint === null) return undefined;
  const opened = await openText(await masterKeys(env), signInHintContext(id), sealedHint);
  return opened.ok ? fromUtf8(opened.value) : undefined;
}

const isSecret = (secret: string | undefined): secret is string =>
  secret !== undefined && /^[\w-]{43}$/.test(secret);
