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
 * Adding, switching and removing authorities. Exactly one with a key issues; the first added one does so automatically.
 *
 * D1 decides between concurrent requests: for the second one `added` is false, and the row is the stored one.
 */
export type Added = { row: AuthorityRow; added: boolean };

export type RemovalRefusal =
  | { reason: "unknown-authority" }
  | { reason: "issuing" }
  /** The number of identities that would be lost; the caller must repeat it to continue. */
  | { reason: "identities-left"; unexpired: number };

/** `onlyFirst`: if an authority already issues, nothing is added and that authority is returned. */
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
    // It was only trusted before and now has its key: the first one with a key issues.
    await keepKey(db, row.id, sealedKey, row.chain);
    if (!(await findIssuing(db))) await makeIssuing(db, row.id);
  }
  changed();
  const standing = (await findAuthority(db, row.id)) ?? (await findIssuing(db));
  if (!standing) throw new Error(`authority ${row.id} was not added, and no earlier row exists`);
  return { row: standing, added };
}

/** From now on only this one issues. */
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

/** `acceptStranded` is the number of unexpired identities that the caller accepts to lose. */
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
