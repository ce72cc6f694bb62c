import { ok, type Result, refuse } from "../base/result.ts";
import {
  type AuthorityRow,
  deleteAuthority,
  findAuthority,
  findIssuing,
  insertAuthority,
  keepKey,
  makeIssuing,
} from "../db/authorities.ts";
import { countUnexpired } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { sealText } from "../pki/seal.ts";
import { authorityKeyContext } from "../pki/seal-contexts.ts";
import { forgetAuthorities } from "./authority.ts";
import type { ReadAuthority } from "./read-authority.ts";

/**
 * Adding, switching and removing authorities. Exactly one with a key issues; the first one added does so by itself.
 *
 * D1 decides every race: `added` is false for whoever came second, and the row is then the one that stands there.
 */
export type Added = { row: AuthorityRow; added: boolean };

export type RemovalRefusal =
  | { reason: "unknown-authority" }
  | { reason: "issuing" }
  /** As many identities would be stranded; say that number to go on. */
  | { reason: "identities-left"; unexpired: number };

/** `onlyFirst`: nothing is added where an authority issues already, and that one is the answer. */
export async function addAuthority(
  env: Env,
  { row, pkcs8 }: ReadAuthority,
  onlyFirst: boolean,
  now: number,
): Promise<Added> {
  const db = openDb(env.DB);
  const sealedKey = pkcs8 ? await sealText(await sealingKeys(env), authorityKeyContext(row.id), pkcs8) : null;
  const added = await insertAuthority(db, { ...row, sealedKey, createdAt: now }, onlyFirst);
  if (!added && sealedKey !== null && !onlyFirst) {
    // It was trusted before, and comes with its key now: the first one with a key issues.
    await keepKey(db, row.id, sealedKey, row.chain);
    if (!(await findIssuing(db))) await makeIssuing(db, row.id);
  }
  changed();
  const standing = (await findAuthority(db, row.id)) ?? (await findIssuing(db));
  if (!standing) throw new Error(`authority ${row.id} was neither added nor there before`);
  return { row: standing, added };
}

/** From now on this one issues, and none else. */
export async function switchIssuing(
  env: Env,
  id: string,
): Promise<Result<AuthorityRow, { reason: "unknown-authority" | "only-trusted" }>> {
  const db = openDb(env.DB);
  const row = await findAuthority(db, id);
  if (!row) return refuse({ reason: "unknown-authority" });
  if (row.sealedKey === null) return refuse({ reason: "only-trusted" });
  await makeIssuing(db, id);
  changed();
  return ok({ ...row, issuing: true });
}

/** `acceptStranded` is the number of unexpired identities that the caller knows will be turned away. */
export async function removeAuthority(
  env: Env,
  id: string,
  acceptStranded: number | undefined,
  now: number,
): Promise<Result<undefined, RemovalRefusal>> {
  const db = openDb(env.DB);
  const row = await findAuthority(db, id);
  if (!row) return refuse({ reason: "unknown-authority" });
  if (row.issuing) return refuse({ reason: "issuing" });
  const unexpired = await countUnexpired(db, id, now);
  if (unexpired > 0 && unexpired !== acceptStranded) return refuse({ reason: "identities-left", unexpired });
  await deleteAuthority(db, id);
  changed();
  return ok(undefined);
}

function changed(): void {
  forgetAuthorities();
}
