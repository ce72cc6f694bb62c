import { DurableObject } from "cloudflare:workers";
import type { Bytes } from "../base/bytes.ts";
import { findIssuing } from "../db/authorities.ts";
import { openDb } from "../db/open.ts";
import { accountPasswordHash } from "../mdm/account-password.ts";
import { generateKeyPair, type KeyPair } from "../pki/keys.ts";

/** Loaded when needed, because every isolate loads this file. */
const authorityMakers = () =>
  Promise.all([
    import("./new-authority.ts"),
    import("./read-authority.ts"),
    import("./manage-authorities.ts"),
  ]);

/**
 * The one object that makes authorities, escrow certificates and keys: generating an RSA key takes longer than a
 * request may compute.
 *
 * It stores nothing. D1 ensures in one statement that only one authority is first.
 */
export class Registrar extends DurableObject<Env> {
  /** The id of the new authority; with `onlyFirst`, the id of the one that already issues, if there is one. */
  async makeAuthority(organization: string, onlyFirst: boolean): Promise<{ id: string; added: boolean }> {
    const standing = onlyFirst ? await findIssuing(openDb(this.env.DB)) : undefined;
    if (standing) return { id: standing.id, added: false };
    const [{ makeAuthority }, { readAuthority }, { addAuthority }] = await authorityMakers();
    const now = Date.now();
    const read = await readAuthority(await makeAuthority(organization, now), now);
    if (!read.ok) throw new Error(`made an unusable authority: ${read.refusal.detail}`);
    const { row, added } = await addAuthority(this.env, read.value, onlyFirst, now);
    return { id: row.id, added };
  }

  /** An RSA key; the caller seals it. */
  async generateKey(): Promise<KeyPair> {
    return generateKeyPair("RSA-2048");
  }

  /** Costs more than a request may compute on the free plan. */
  async hashAccountPassword(password: string): Promise<Bytes> {
    return accountPasswordHash(password);
  }

  /** With `onlyFirst`, only if there is none. */
  async makeEscrowCertificate(onlyFirst: boolean): Promise<void> {
    const [{ loadSettings }, { makeEscrowCertificate }] = await Promise.all([
      import("../admin/settings.ts"),
      import("./escrow-certificates.ts"),
    ]);
    const now = Date.now();
    const { organization } = await loadSettings(this.env, now);
    await makeEscrowCertificate(this.env, organization, onlyFirst, now);
  }
}

export const registrar = (env: Env): DurableObjectStub<Registrar> => env.REGISTRAR.getByName("registrar");
