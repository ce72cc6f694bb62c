import { type Bytes, fromBase64, sha256, toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type CertificateRow, findBySerial, findByTransaction } from "../db/certificates.ts";
import { openDb } from "../db/open.ts";
import type { Asked } from "../scep/envelope.ts";
import type { Granted } from "../scep/reply.ts";
import type { ScepRequest } from "../scep/request.ts";
import { type Authority, loadAuthorities } from "./authority.ts";
import type { GrantRefusal } from "./grant-identity.ts";
import { revocationList } from "./revocation-list.ts";

/**
 * The SCEP requests that issue nothing (RFC 8894 sections 3.3.3 to 3.3.5): an issued certificate again, one by its
 * number, or a revocation list.
 *
 * CertPoll gets an answer although nothing is ever pending here: a client that lost its answer may poll for it. It must
 * sign with the certified key. Serial numbers are random, so knowing one is proof enough.
 */
type Question = {
  request: ScepRequest;
  authority: Authority;
  asked: Exclude<Asked, { csr: unknown }>;
};

export async function findAsked(
  { env, now }: { env: Env; now: number },
  { request, authority, asked }: Question,
): Promise<Result<Granted, GrantRefusal>> {
  const db = openDb(env.DB);
  if (asked.type === "CertPoll") {
    if (!isNamed(authority, asked.issuer)) return unknown("the issuer is a different one");
    const spkiHash = toHex(await sha256(request.signer.spki));
    return found(await findByTransaction(db, request.transactionID, spkiHash));
  }
  const authorities = await loadAuthorities(env, now);
  const issuers = authorities.filter((one) => one.sealedKey !== null && isNamed(one, asked.of.issuer));
  const [issuer] = issuers;
  if (!issuer) return unknown("the issuer is not one of our authorities");
  if (asked.type === "GetCRL") return ok({ crl: await revocationList(env, issuer, now) });
  for (const { id } of issuers) {
    const row = await findBySerial(db, id, asked.of.serial);
    if (row) return found(row);
  }
  return unknown("no certificate has this number");
}

function found(row: CertificateRow | undefined): Result<Granted, GrantRefusal> {
  const der = row && row.revokedAt === null ? fromBase64(row.der) : undefined;
  return der ? ok({ certificate: der }) : unknown("no certificate matches, or it was revoked");
}

const isNamed = ({ certificate }: Authority, name: Bytes): boolean =>
  Buffer.compare(certificate.subject, name) === 0;

const unknown = (detail: string): { ok: false; refusal: GrantRefusal } =>
  refuse({ failInfo: "badCertId", detail });
