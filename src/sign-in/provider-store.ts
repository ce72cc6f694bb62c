import { fromUtf8, utf8 } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import { openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { deleteProvider, findProvider, type ProviderRow, putProvider } from "../db/sign-in.ts";
import { masterKeys } from "../pki/master.ts";
import { openText, sealText } from "../pki/seal.ts";
import { signInSecretContext } from "../pki/seal-contexts.ts";

/** What this server is to an OpenID Connect provider. */
export type OidcClient = {
  kind: "oidc";
  /** Exactly as the provider spells it: what a token says is compared letter by letter. */
  issuer: string;
  client_id: string;
  client_auth: ClientAuth;
  scopes: readonly string[];
  prompt: Prompt | null;
  clock_skew_seconds: number;
};

export type AccessApplication = {
  kind: "access";
  /** `https://<team>.cloudflareaccess.com`: the issuer of its assertions. */
  issuer: string;
  /** The application's audience tag. */
  client_id: string;
  clock_skew_seconds: number;
};

export const clientAuths = ["client_secret_basic", "client_secret_post", "none"] as const;
type ClientAuth = (typeof clientAuths)[number];
export const prompts = ["login", "select_account", "consent"] as const;
export type Prompt = (typeof prompts)[number];

/** With what proves this server to it; undefined: nothing does, or nothing must. */
export type Known<P> = { provider: P; secret: string | undefined };

const freshForMs = 60_000;

/**
 * One provider in the database, for one group of people. Every isolate may be a minute behind, and goes on with the last
 * one known while the database fails.
 */
export function providerStore<P extends OidcClient | AccessApplication>(id: string) {
  let held: { known: Known<P> | undefined; loadedAt: number } | undefined;

  /** What the database says now. */
  async function read(env: Env): Promise<Known<P> | undefined> {
    const row = await findProvider(openDb(env.DB), id);
    if (row === undefined) return undefined;
    return { provider: JSON.parse(row.provider) as P, secret: await openSecret(env, row) };
  }

  return {
    read,
    /** undefined: none is set. */
    async load(env: Env, now: number): Promise<Known<P> | undefined> {
      if (held !== undefined && now - held.loadedAt < freshForMs) return held.known;
      try {
        held = { known: await read(env), loadedAt: now };
      } catch (fault) {
        if (held === undefined) throw fault;
        logFault("sign-in-provider-stale", fault);
      }
      return held?.known;
    },
    async store(env: Env, known: Known<P>, now: number): Promise<{ before: ProviderRow | undefined }> {
      const { provider, secret } = known;
      const { issuer, client_id: clientId } = provider;
      const db = openDb(env.DB);
      const before = await findProvider(db, id);
      const sealedSecret =
        secret === undefined
          ? null
          : await sealText(await sealingKeys(env), signInSecretContext(issuer, clientId), utf8(secret));
      const row = { provider: JSON.stringify(provider), sealedSecret, issuer, clientId, updatedAt: now };
      await putProvider(db, id, row);
      held = { known, loadedAt: now };
      return { before };
    },
    /** false: there was none. */
    async remove(env: Env): Promise<boolean> {
      const isRemoved = await deleteProvider(openDb(env.DB), id);
      held = undefined;
      return isRemoved;
    },
    /** The next one to ask reads it. */
    forget(): void {
      held = undefined;
    },
  };
}

async function openSecret(env: Env, { sealedSecret, issuer, clientId }: ProviderRow) {
  if (sealedSecret === null) return undefined;
  const opened = await openText(await masterKeys(env), signInSecretContext(issuer, clientId), sealedSecret);
  if (!opened.ok) throw new Error(`cannot open the client secret of ${issuer}: ${opened.refusal.detail}`);
  return fromUtf8(opened.value);
}
