import { openDb } from "../../db/open.ts";
import { appendRule } from "../../db/sign-in.ts";
import { revokeTokensOf } from "../../db/tokens.ts";
import {
  type AccessApplication,
  type Known,
  type OidcClient,
  providerStore,
} from "../../sign-in/provider-store.ts";
import type { Right, Role } from "../roles.ts";

/** How administrators sign in, and what each of them may do. Without it there are only tokens. */
export type Administrators = (OidcClient | AccessApplication) & {
  /** The claim that lists the person's groups; dots lead into objects, such as `custom.groups`. */
  groups_claim: string;
  /** Rules by e-mail want the provider to say that the address is verified. Access has verified it. */
  require_verified_email: boolean;
  session_hours: number;
  rules: readonly AdministratorRule[];
};

/** What one of these makes a person: everybody of a domain, the members of a group, or one person. */
export type AdministratorRule = {
  email?: string;
  email_domain?: string;
  group?: string;
  role: Role;
  rights: readonly Right[];
};

const id = "administrators";
const administrators = providerStore<Administrators>(id);

export const mostRules = 200;

export const loadAdministrators = administrators.load;
export const readAdministrators = administrators.read;
/** @internal */
export const forgetAdministrators = administrators.forget;

/** Everybody signs in again, because the rules or the provider may take away what somebody was allowed. */
export async function storeAdministrators(
  env: Env,
  known: Known<Administrators>,
  now: number,
): Promise<void> {
  await administrators.store(env, known, now);
  await revokeTokensOf(openDb(env.DB), { kind: "sign-in" }, now);
}

/** What is added takes nothing from anybody: all stay signed in. false: there are too many rules, or the provider has changed. */
export async function addRule(
  env: Env,
  { issuer, client_id: clientId }: Administrators,
  rule: AdministratorRule,
  now: number,
): Promise<boolean> {
  const isAdded = await appendRule(openDb(env.DB), { id, issuer, clientId }, rule, { now, most: mostRules });
  administrators.forget();
  return isAdded;
}

export async function removeAdministrators(env: Env, now: number): Promise<boolean> {
  const isRemoved = await administrators.remove(env);
  await revokeTokensOf(openDb(env.DB), { kind: "sign-in" }, now);
  return isRemoved;
}
