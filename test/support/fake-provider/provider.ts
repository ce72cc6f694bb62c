import { exportJWK, generateKeyPair, SignJWT } from "jose";

// An OpenID Connect provider as real ones behave: it takes only redirect addresses that are registered letter by letter,
// asks for PKCE, gives a code once and for a minute, wants the client's secret the way it was agreed, and tells of a person
// only what the scopes allow. What it refuses it refuses by the codes of RFC 6749. Nothing in here knows the server that is
// tested.

export type Account = {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  [claim: string]: unknown;
};

type Client = { id: string; secret: string | null; redirectUris: string[]; logoutUris: string[] };
type Grant = {
  query: Record<string, string>;
  account: Account;
  endsAt: number;
  used: boolean;
  accessToken?: string;
};
type Key = { kid: string; privateKey: CryptoKey; jwk: object };

const json = (body: unknown, status = 200): Response => Response.json(body, { status });

export class FakeProvider {
  readonly issuer: string;
  readonly client: Client;
  /** Who is signed in at the provider, and says yes. */
  account: Account = { sub: "u-1", email: "anna@example.com", email_verified: true, name: "Anna Adams" };
  /** What the person chose in place of signing in. */
  cancels = false;
  /** How far its clock is off. */
  clockMs = 0;
  down = false;
  /** Puts what it tells of a person into the userinfo answer alone. */
  lean = false;
  /** Changes a token's claims before they are signed: a provider that is wrong, or somebody else's. */
  claims: (claims: Record<string, unknown>) => Record<string, unknown> = (claims) => claims;
  signWith: Key | undefined;
  readonly seen: string[] = [];
  readonly #grants = new Map<string, Grant>();
  #keys: Key[] = [];

  constructor(issuer: string, client: Client) {
    this.issuer = issuer;
    this.client = client;
  }

  /** Signs with a new key from now on; the ones before are forgotten. */
  async rollKeys(): Promise<void> {
    this.#keys = [await newKey()];
  }

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = url.href.slice(this.issuer.length).split("?")[0] ?? "";
    this.seen.push(`${request.method} ${path}`);
    if (this.down) return new Response("<h1>Bad gateway</h1>", { status: 502 });
    if (this.#keys.length === 0) await this.rollKeys();
    switch (`${request.method} ${path}`) {
      case "GET /.well-known/openid-configuration":
        return json(this.#metadata());
      case "GET /authorize":
        return this.#authorize(Object.fromEntries(url.searchParams));
      case "POST /token":
        return this.#token(request);
      case "GET /me":
        return this.#userinfo(request);
      case "GET /jwks":
        return json({ keys: this.#keys.map(({ jwk }) => jwk) });
      case "GET /logout":
        return this.#logout(url.searchParams);
      default:
        return json({ error: "not_found" }, 404);
    }
  }

  #metadata() {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      userinfo_endpoint: `${this.issuer}/me`,
      jwks_uri: `${this.issuer}/jwks`,
      end_session_endpoint: `${this.issuer}/logout`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    };
  }

  /** The page where the person would sign in: this one has done so at once. */
  #authorize(query: Record<string, string>): Response {
    const { client, issuer } = this;
    // Nobody is sent to an address that is not registered, not even with an error.
    if (query.client_id !== client.id) return new Response("unknown client", { status: 400 });
    const { redirect_uri = "", state } = query;
    if (!client.redirectUris.includes(redirect_uri))
      return new Response("redirect_uri mismatch", { status: 400 });
    const back = (more: Record<string, string>): Response => {
      const to = new URL(redirect_uri);
      const all = { ...more, ...(state !== undefined && { state }), iss: issuer };
      for (const [name, value] of Object.entries(all)) to.searchParams.set(name, value);
      return new Response(null, { status: 302, headers: { Location: to.href } });
    };
    const wrong = (detail: string) => back({ error: "invalid_request", error_description: detail });
    if (query.response_type !== "code") return back({ error: "unsupported_response_type" });
    if (!query.scope?.split(" ").includes("openid")) return back({ error: "invalid_scope" });
    if (query.code_challenge_method !== "S256" || !/^[\w-]{43}$/.test(query.code_challenge ?? ""))
      return wrong("PKCE with S256 is required");
    if (!state) return wrong("state is required");
    if (this.cancels) return back({ error: "access_denied", error_description: "the user said no" });
    const code = crypto.randomUUID();
    this.#grants.set(code, { query, account: this.account, endsAt: this.#now() + 60_000, used: false });
    return back({ code });
  }

  async #token(request: Request): Promise<Response> {
    const { client } = this;
    if (request.headers.get("Content-Type") !== "application/x-www-form-urlencoded")
      return json({ error: "invalid_request" }, 400);
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    if (!this.#isClient(request.headers.get("Authorization"), form))
      return json({ error: "invalid_client" }, 401);
    if (form.grant_type !== "authorization_code") return json({ error: "unsupported_grant_type" }, 400);
    const grant = this.#grants.get(form.code ?? "");
    const invalid = (detail: string) => json({ error: "invalid_grant", error_description: detail }, 400);
    if (!grant || grant.used || grant.endsAt <= this.#now()) return invalid("the code is spent");
    grant.used = true;
    if (form.redirect_uri !== grant.query.redirect_uri) return invalid("another redirect_uri");
    if ((await s256(form.code_verifier ?? "")) !== grant.query.code_challenge) return invalid("PKCE failed");
    grant.accessToken = crypto.randomUUID();
    return json({
      token_type: "Bearer",
      access_token: grant.accessToken,
      expires_in: 3600,
      id_token: await this.#idToken(grant, client.id),
    });
  }

  /** RFC 6749 section 2.3.1: one way of proving who asks, and no second one beside it. */
  #isClient(header: string | null, form: Record<string, string>): boolean {
    const { id, secret } = this.client;
    if (header === null) return form.client_id === id && (secret === null || form.client_secret === secret);
    if (secret === null || form.client_secret !== undefined) return false;
    const [name = "", password = ""] = atob(header.replace(/^Basic /, "")).split(":");
    const decoded = (text: string) => new URLSearchParams(`v=${text}`).get("v");
    return decoded(name) === id && decoded(password) === secret;
  }

  async #idToken({ query, account }: Grant, audience: string): Promise<string> {
    const key = this.signWith ?? this.#keys[0];
    if (!key) throw new Error("the provider has no key");
    const now = Math.floor(this.#now() / 1000);
    const told = this.lean ? { sub: account.sub } : allowed(account, query.scope ?? "");
    const { nonce } = query;
    const claims = {
      iss: this.issuer,
      aud: audience,
      iat: now,
      exp: now + 300,
      ...told,
      ...(nonce && { nonce }),
    };
    return new SignJWT(this.claims(claims))
      .setProtectedHeader({ alg: "RS256", kid: key.kid })
      .sign(key.privateKey);
  }

  /** What it sends, in the back, to those who should know that a person was signed out. `other` changes the token. */
  async logoutToken(sub: string, other: Record<string, unknown> = {}, type = "logout+jwt"): Promise<string> {
    if (this.#keys.length === 0) await this.rollKeys();
    const key = this.signWith ?? this.#keys[0];
    if (!key) throw new Error("the provider has no key");
    const now = Math.floor(this.#now() / 1000);
    const claims = {
      iss: this.issuer,
      aud: this.client.id,
      iat: now,
      exp: now + 120,
      jti: crypto.randomUUID(),
      events: { "http://schemas.openid.net/event/backchannel-logout": {} },
      sub,
      ...other,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: key.kid, typ: type })
      .sign(key.privateKey);
  }

  #userinfo(request: Request): Response {
    const token = request.headers.get("Authorization")?.replace(/^Bearer /, "");
    const grant = [...this.#grants.values()].find(({ accessToken }) => accessToken && accessToken === token);
    if (!grant) return json({ error: "invalid_token" }, 401);
    return json(allowed(grant.account, grant.query.scope ?? ""));
  }

  #logout(query: URLSearchParams): Response {
    const to = query.get("post_logout_redirect_uri");
    if (to === null || !query.get("id_token_hint")) return new Response("Signed out here");
    if (!this.client.logoutUris.includes(to)) return new Response("not registered", { status: 400 });
    return new Response(null, { status: 302, headers: { Location: to } });
  }

  #now = (): number => Date.now() + this.clockMs;
}

/** What a scope lets a client know (OpenID Connect Core 1.0 section 5.4). */
function allowed(
  { sub, email, email_verified, name, ...others }: Account,
  scope: string,
): Record<string, unknown> {
  const scopes = scope.split(" ");
  return {
    sub,
    ...(scopes.includes("email") && { email, email_verified }),
    ...(scopes.includes("profile") && { name, ...others }),
  };
}

async function s256(verifier: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return btoa(String.fromCharCode(...new Uint8Array(hash)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

export async function newKey(): Promise<Key> {
  const kid = crypto.randomUUID();
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } };
}
