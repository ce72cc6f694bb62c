import { ok, type Result, refuse } from "../base/result.ts";
import type { Mapping } from "./provider.ts";
import type { SignInRefusal } from "./refusal.ts";

/** Who somebody is, as a provider or an invitation vouches for it. */
export type Person = {
  by: "oidc" | "access" | "invitation";
  /** Who vouches: the provider's issuer, or the invitation's id. */
  issuer: string;
  /** What the issuer calls the person, once and for all. */
  subject: string;
  /** The Managed Apple Account; an invitation may leave it open. */
  account: string | null;
  name: string | null;
  email: string | null;
  /** The claim `department`, for providers that are set up to tell it. */
  department: string | null;
};

export type Claims = Record<string, unknown>;

/** The person of a token that was verified, if its claims name an account that is taken here. */
export function personOf(
  by: Person["by"],
  issuer: string,
  claims: Claims,
  mapping: Mapping,
): Result<Person, SignInRefusal> {
  const { account_claim, account_domain, allowed_domains, require_verified_email } = mapping;
  const subject = text(claims.sub);
  if (subject === undefined)
    return refuse({ reason: "token-invalid", detail: "the token names nobody (sub)" });
  const value = text(claims[account_claim])?.toLowerCase();
  const [local, domain] = value === undefined ? [] : splitAccount(value);
  if (value === undefined || local === undefined || domain === undefined)
    return refuse({
      reason: "no-account",
      detail:
        value === undefined
          ? `the provider tells no ${account_claim}: add its scope, or choose another account_claim`
          : `the claim ${account_claim} is no address: choose another account_claim`,
    });
  if (allowed_domains.length > 0 && !allowed_domains.includes(domain))
    return refuse({ reason: "domain-not-allowed", detail: `${domain} is not among allowed_domains` });
  // Some providers say nothing of it: those vouch for addresses by keeping them. One that says no is believed.
  if (account_claim === "email" && require_verified_email && isNo(claims.email_verified))
    return refuse({ reason: "email-not-verified", detail: "the provider has not verified the address" });
  return ok({
    by,
    issuer,
    subject,
    account: `${local}@${account_domain ?? domain}`,
    name: text(claims.name) ?? null,
    email: text(claims.email) ?? null,
    department: text(claims.department) ?? null,
  });
}

/** At the last `@`, as devices do. */
export function splitAccount(account: string): [local: string, domain: string] | [] {
  const at = account.lastIndexOf("@");
  const domain = account.slice(at + 1);
  return at > 0 && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(domain) && !/[\s\p{Cc}]/u.test(account)
    ? [account.slice(0, at), domain.toLowerCase()]
    : [];
}

const longest = 255;
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= longest ? value : undefined;

const isNo = (value: unknown): boolean => value === false || value === "false";
