import { fromUtf8, utf8 } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import { openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import {
  deleteAllSessions,
  deleteProvider,
  findProvider,
  type ProviderRow,
  putProvider,
} from "../db/sign-in.ts";
import { masterKeys } from "../pki/master.ts";
import { openText, sealText } from "../pki/seal.ts";
import { signInSecretContext } from "../pki/seal-contexts.ts";

/**
 * Who says who a person is: an OpenID Connect provider, or Cloudflare Access in front of the sign-in page. Where neither
 * is set, people sign in by the code of an invitation.
 */
export type OidcProvider = {
  kind: "oidc";
  /** Exactly as the provider spells it: what a token says is compared letter by letter. */
  issuer: string;
  client_id: string;
  client_auth: ClientAuth;
  scopes: readonly string[];
  prompt: Prompt | null;
} & Mapping;

export type AccessProvider = {
  kind: "access";
  /** `https://<team>.cloudflareaccess.com`: the issuer of its assertions. */
  issuer: string;
  /** The application's audience tag. */
  client_id: string;
} & Mapping;

/** How a token's claims become a Managed Apple Account, and whose are taken. */
export type Mapping = {
  /** The claim that names the person, such as `email` or `preferred_username`. */
  account_claim: string;
  /** The domain of the Managed Apple Accounts, where it is another than the claim's. */
  account_domain: string | null;
  /** Of the claim's value, before it is mapped; empty: any. */
  allowed_domains: readonly string[];
  require_verified_email: boolean;
  clock_skew_seconds: number;
  session_hours: number;
};

export type Provider = OidcProvider | AccessProvider;

export const clientAuths = ["client_secret_basic", "client_secret_post", "none"] as const;
export type ClientAuth = (typeof clientAuths)[number];
export const prompts = ["login", "select_account", "consent"] as const;
export type Prompt = (typeof prompts)[number];

/** With what proves this server to it; undefined: nothing does, or nothing must. */
export type KnownProvider = { provider: Provider; secret: string | undefined };

const freshForMs = 60_000;

// One deployment, one provider: every isolate may be a minute behind.
let held: { known: KnownProvider | undefined; loadedAt: number } | undefined;

/** undefined: none is set. The last one known, when the database fails. */
export async function loadProvider(env: Env, now: number): Promise<KnownProvider | undefined> {
  if (held !== undefined && now - held.loadedAt < freshForMs) return held.known;
  try {
    held = { known: await readProvider(env), loadedAt: now };
  } catch (fault) {
    if (held === undefined) throw fault;
    logFault("sign-in-provider-stale", fault);
  }
  return held?.known;
}

/** What the database says now. */
export async function readProvider(env: Env): Promise<KnownProvider | undefined> {
  const row = await findProvider(openDb(env.DB));
  if (row === undefined) return undefined;
  return { provider: JSON.parse(row.provider) as Provider, secret: await openSecret(env, row) };
}

async function openSecret(env: Env, { sealedSecret, issuer, clientId }: ProviderRow) {
  if (sealedSecret === null) return undefined;
  const opened = await openText(await masterKeys(env), signInSecretContext(issuer, clientId), sealedSecret);
  if (!opened.ok) throw new Error(`cannot open the client secret of ${issuer}: ${opened.refusal.detail}`);
  return fromUtf8(opened.value);
}

/** Whoever is signed in by another one must sign in again. */
export async function storeProvider(env: Env, known: KnownProvider, now: number): Promise<void> {
  const { provider, secret } = known;
  const { issuer, client_id: clientId } = provider;
  const db = openDb(env.DB);
  const before = await findProvider(db);
  const sealedSecret =
    secret === undefined
      ? null
      : await sealText(await sealingKeys(env), signInSecretContext(issuer, clientId), utf8(secret));
  await putProvider(db, {
    provider: JSON.stringify(provider),
    sealedSecret,
    issuer,
    clientId,
    updatedAt: now,
  });
  if (before !== undefined && before.issuer !== issuer) await deleteAllSessions(db);
  held = { known, loadedAt: now };
}

export async function removeProvider(env: Env): Promise<boolean> {
  const db = openDb(env.DB);
  const gone = await deleteProvider(db);
  await deleteAllSessions(db);
  held = undefined;
  return gone;
}

/** @internal Tests begin as a fresh isolate does. */
export function forgetProvider(): void {
  held = undefined;
}
