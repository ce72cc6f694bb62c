import { openDb } from "../db/open.ts";
import { deleteAllSessions } from "../db/sign-in.ts";
import { type AccessApplication, type Known, type OidcClient, providerStore } from "./provider-store.ts";

/**
 * Who says who a person is: an OpenID Connect provider, or Cloudflare Access in front of the sign-in page. Where neither
 * is set, people sign in by the code of an invitation.
 */
export type OidcProvider = OidcClient & Mapping;
export type AccessProvider = AccessApplication & Mapping;
export type Provider = OidcProvider | AccessProvider;

/** How a token's claims become a Managed Apple Account, and whose are taken. */
export type Mapping = {
  /** The claim that names the person, such as `email` or `preferred_username`. */
  account_claim: string;
  /** The domain of the Managed Apple Accounts, where it is another than the claim's. */
  account_domain: string | null;
  /** Of the claim's value, before it is mapped; empty: any. */
  allowed_domains: readonly string[];
  require_verified_email: boolean;
  session_hours: number;
};

const people = providerStore<Provider>("the one");

export const loadProvider = people.load;
export const readProvider = people.read;
/** @internal */
export const forgetProvider = people.forget;

/** A person signed in by another one must sign in again. */
export async function storeProvider(env: Env, known: Known<Provider>, now: number): Promise<void> {
  const { before } = await people.store(env, known, now);
  if (before !== undefined && before.issuer !== known.provider.issuer)
    await deleteAllSessions(openDb(env.DB));
}

export async function removeProvider(env: Env): Promise<boolean> {
  const isRemoved = await people.remove(env);
  await deleteAllSessions(openDb(env.DB));
  return isRemoved;
}
