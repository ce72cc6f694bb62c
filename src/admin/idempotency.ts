import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { day, minute } from "../base/time.ts";
import { claimKey, findKey, keepAnswer, releaseKey } from "../db/idempotency.ts";
import type { Db } from "../db/open.ts";
import { openText, type SealingKeys, sealText } from "../pki/seal.ts";
import { answerContext, requestContext } from "../pki/seal-contexts.ts";

/**
 * A request that creates something may have a key; a repeated request with the same key within a day gets the first
 * answer and creates nothing. Only successful answers are stored: a refused request may be tried again.
 */
export type KeyedRequest = { tokenId: string; method: string; path: string; key: string; body: Uint8Array };

export type KeptAnswer = { status: number; headers: [string, string][]; body: string };

export type Claim =
  | {
      state: "first";
      keep: (answer: KeptAnswer) => Promise<void>;
      release: () => Promise<void>;
    }
  | { state: "answered"; answer: KeptAnswer }
  | { state: "in-progress" | "other-request" };

export const keptForMs = day;
// Longer than any request runs: the request that had the key is dead.
const abandonedAfterMs = 5 * minute;

export async function claimRequest(
  db: Db,
  keys: SealingKeys,
  request: KeyedRequest,
  now: number,
): Promise<Claim> {
  const id = await idOf(request);
  const digest = toHex(await sha256(request.body));
  const requestSealed = await sealText(keys, requestContext(id), utf8(digest));
  const limits = { expiredBefore: now - keptForMs, abandonedBefore: now - abandonedAfterMs };
  if (await claimKey(db, { id, requestSealed, createdAt: now }, limits)) {
    return {
      state: "first",
      keep: async (answer) =>
        keepAnswer(db, id, now, await sealText(keys, answerContext(id), utf8(JSON.stringify(answer)))),
      release: () => releaseKey(db, id, now),
    };
  }
  const row = await findKey(db, id);
  // The key was released between the two statements: the first request failed, and the next try will be the first.
  if (row === undefined) return { state: "in-progress" };
  const first = await openText(keys, requestContext(id), row.requestSealed);
  if (!first.ok || new TextDecoder().decode(first.value) !== digest) return { state: "other-request" };
  if (row.answerSealed === null) return { state: "in-progress" };
  const answer = await openText(keys, answerContext(id), row.answerSealed);
  if (!answer.ok) throw new Error(`cannot open a kept answer: ${answer.refusal.detail}`);
  return { state: "answered", answer: JSON.parse(new TextDecoder().decode(answer.value)) };
}

const idOf = async ({ tokenId, method, path, key }: KeyedRequest): Promise<string> =>
  toHex(await sha256(utf8(JSON.stringify([tokenId, method, path, key]))));
