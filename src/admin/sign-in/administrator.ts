import { ok, type Result, refuse } from "../../base/result.ts";
import type { Claims } from "../../sign-in/person.ts";
import type { SignInRefusal } from "../../sign-in/refusal.ts";
import { type Right, type Role, roles } from "../roles.ts";
import type { AdministratorRule, Administrators } from "./administrators.ts";

/** A person as the rules for administrators see one. */
export type Administrator = {
  issuer: string;
  subject: string;
  /** What the audit log calls the person: the e-mail address if it can be believed. */
  name: string;
  role: Role;
  rights: readonly Right[];
};

/** The greatest role of all rules that fit, and the rights of all of them. Whom none fits may do nothing. */
export function administratorOf(
  claims: Claims,
  settings: Administrators,
): Result<Administrator, SignInRefusal> {
  const subject = text(claims.sub);
  if (subject === undefined)
    return refuse({ reason: "token-invalid", detail: "the token names nobody (sub)" });
  const email = believedEmail(claims, settings);
  const groups = groupsIn(claims, settings.groups_claim);
  const fitting = settings.rules.filter((rule) => fits(rule, email, groups));
  const role = roles.findLast((one) => fitting.some((rule) => rule.role === one));
  const name = email ?? subject;
  if (role === undefined) return refuse({ reason: "not-an-administrator", detail: explain(name, groups) });
  const rights = [...new Set(fitting.flatMap((rule) => rule.rights))];
  return ok({ issuer: settings.issuer, subject, name, role, rights });
}

/** The claims that the rules read. */
export const claimsOfRules = ({ rules, groups_claim }: Administrators): string[] => [
  "email",
  ...(rules.some(({ group }) => group !== undefined) ? [groups_claim.split(".")[0] ?? ""] : []),
];

function fits(rule: AdministratorRule, email: string | undefined, groups: readonly string[]): boolean {
  if (rule.group !== undefined) return groups.includes(rule.group);
  if (email === undefined) return false;
  if (rule.email !== undefined) return rule.email.toLowerCase() === email;
  return rule.email_domain !== undefined && email.endsWith(`@${rule.email_domain.toLowerCase()}`);
}

/**
 * Anybody can have an account with any unverified address at some providers, so an address that is not called verified
 * counts only where the settings say so, and one that is called unverified never.
 */
export function believedEmail(
  claims: Claims,
  { kind, require_verified_email }: Administrators,
): string | undefined {
  const isVerified = claims.email_verified ?? (kind === "access" || !require_verified_email);
  if (isVerified !== true && isVerified !== "true") return undefined;
  const email = text(claims.email)?.toLowerCase();
  return email !== undefined && /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email) ? email : undefined;
}

/** Names, or objects as Cloudflare Access and some providers have them. */
function groupsIn(claims: Claims, path: string): string[] {
  let at: unknown = Object.hasOwn(claims, path) ? claims[path] : undefined;
  if (at === undefined) at = path.split(".").reduce<unknown>(memberOf, claims);
  const listed: unknown[] = Array.isArray(at) ? at : [at];
  return listed.flatMap((one) => {
    const names = typeof one === "object" ? [memberOf(one, "name"), memberOf(one, "id")] : [one];
    return names.filter((name) => typeof name === "string");
  });
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? value[name as keyof typeof value]
    : undefined;

const explain = (name: string, groups: readonly string[]): string =>
  `no rule for administrators fits ${name}, whose groups are ${groups.length === 0 ? "not told" : groups.slice(0, 20).join(", ")}`;

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= 255 && !/\p{Cc}/u.test(value)
    ? value
    : undefined;
