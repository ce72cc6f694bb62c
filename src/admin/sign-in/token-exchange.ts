import { fromBase64Url } from "../../acme/base64url.ts";
import { fromUtf8, sha256, toHex, utf8 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { day, minute, second } from "../../base/time.ts";
import type { Db } from "../../db/open.ts";
import {
  type ExchangeRuleRow,
  findExchangeRule,
  rulesOfIssuer,
  spendToken,
  touchExchangeRule,
} from "../../db/token-exchange.ts";
import { revokeToken, type TokenRow } from "../../db/tokens.ts";
import { issuerDocument } from "../../sign-in/metadata.ts";
import type { Claims } from "../../sign-in/person.ts";
import type { SignInRefusal } from "../../sign-in/refusal.ts";
import { verifyToken } from "../../sign-in/verify-token.ts";
import { roles } from "../roles.ts";
import { createToken } from "../tokens.ts";

/**
 * A program that has no secret of ours shows a token of an issuer that a rule names, such as that of a job at GitHub or
 * GitLab, and gets an API token for some minutes (RFC 8693).
 *
 * The surprise: only issuers that rules name are ever asked for keys, so nobody can send this server to an address.
 */
export type Exchanged = { row: TokenRow; token: string };

export type ExchangeRefusal =
  | { reason: "unreadable" | "unknown-issuer" | "no-rule" | "spent" | "lasts-too-long"; detail: string }
  | SignInRefusal;

const longestToken = 32 * 1024;
const longestLifeMs = 7 * day;
const skewSeconds = 60;

export async function exchangeToken(
  db: Db,
  { token, audience }: { token: string; audience: string },
  now: number,
): Promise<Result<Exchanged, ExchangeRefusal>> {
  const issuer = issuerOf(token);
  if (issuer === undefined) return refuse({ reason: "unreadable", detail: "the subject_token is no JWT" });
  const rules = await rulesOfIssuer(db, issuer);
  if (rules.length === 0)
    return refuse({ reason: "unknown-issuer", detail: `no rule names the issuer ${issuer.slice(0, 200)}` });
  const document = await issuerDocument(issuer, now);
  if (!document.ok) return document;
  const terms = { issuer, audience, skewSeconds };
  const verified = await verifyToken(token, document.value.jwks_uri, terms, now);
  if (!verified.ok) return verified;
  const claims = verified.value;
  const rule = greatest(rules.filter((one) => fits(one, claims)));
  const subject = String(claims.sub);
  if (rule === undefined)
    return refuse({
      reason: "no-rule",
      detail: `no rule of this issuer fits the subject ${subject.slice(0, 300)} with its claims`,
    });
  const endsAt = (claims.exp ?? 0) * second;
  if (endsAt > now + longestLifeMs)
    return refuse({ reason: "lasts-too-long", detail: "the token is good for more than a week" });
  if (!(await spendToken(db, await idOf(token, issuer, claims), endsAt + skewSeconds * second)))
    return refuse({
      reason: "spent",
      detail: "this token was exchanged already; ask its issuer for another one",
    });
  return open(db, rule, subject, now);
}

async function open(
  db: Db,
  rule: ExchangeRuleRow,
  subject: string,
  now: number,
): Promise<Result<Exchanged, ExchangeRefusal>> {
  const { id, name, role, rights, lifetimeMinutes } = rule;
  const input = {
    name: `${name}: ${subject}`.slice(0, 300),
    role,
    rights,
    expiresAt: now + lifetimeMinutes * minute,
    kind: "exchange" as const,
    origin: id,
  };
  const made = await createToken(db, input, `exchange:${id}`, now);
  // A rule that was changed at this moment has revoked the tokens that were there, and not this one.
  if ((await findExchangeRule(db, id))?.updatedAt !== rule.updatedAt) {
    await revokeToken(db, made.row.id, now);
    return refuse({ reason: "no-rule", detail: "the rule was changed at this moment; try again" });
  }
  await touchExchangeRule(db, id, now);
  return ok(made);
}

/** Of several that fit, the one with the greatest role, and then the most rights. */
const greatest = (rules: readonly ExchangeRuleRow[]): ExchangeRuleRow | undefined =>
  rules.toSorted(
    (a, b) => roles.indexOf(b.role) - roles.indexOf(a.role) || b.rights.length - a.rights.length,
  )[0];

export function fits(
  { subject, claims: wanted }: Pick<ExchangeRuleRow, "subject" | "claims">,
  claims: Claims,
) {
  const given = String(claims.sub);
  const isSubject = subject.endsWith("*") ? given.startsWith(subject.slice(0, -1)) : given === subject;
  return (
    isSubject &&
    Object.entries(wanted).every(
      ([name, values]) =>
        Object.hasOwn(claims, name) && valuesOf(claims[name]).some((one) => values.includes(one)),
    )
  );
}

/** Some issuers have numbers and booleans where others have texts. */
const valuesOf = (claim: unknown): string[] =>
  (Array.isArray(claim) ? claim : [claim])
    .filter((one) => ["string", "number", "boolean"].includes(typeof one))
    .map(String);

/** Read before the token is verified, to know whose keys it must be verified with. */
function issuerOf(token: string): string | undefined {
  const [, payload, ...rest] = token.length <= longestToken ? token.split(".") : [];
  const bytes = rest.length === 1 && payload !== undefined ? fromBase64Url(payload) : undefined;
  try {
    const { iss } = JSON.parse(fromUtf8(bytes ?? new Uint8Array())) as Claims;
    return typeof iss === "string" && iss.length <= 500 ? iss : undefined;
  } catch {
    return undefined;
  }
}

/** What was signed, where the token has no name: one signature may be spelled in several ways. */
async function idOf(token: string, issuer: string, { jti }: Claims): Promise<string> {
  const text =
    typeof jti === "string" && jti !== ""
      ? `jti ${issuer} ${jti}`
      : `token ${token.slice(0, token.lastIndexOf("."))}`;
  return `exchange:${toHex(await sha256(utf8(text)))}`;
}
