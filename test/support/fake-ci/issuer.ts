import { SignJWT } from "jose";
import { newKey } from "../fake-provider/provider.ts";

// The issuers of GitHub Actions and GitLab CI/CD as they are: discovery documents and keys, and for a job, with the secret
// that only the job has, a token that names it. A job cannot choose what its token says, but for the audience.
// https://docs.github.com/actions/concepts/security/openid-connect, https://docs.gitlab.com/ci/secrets/id_token_authentication/

type Claims = Record<string, unknown>;

export class FakeCi {
  readonly issuer: string;
  /** What its tokens say of the job. */
  job: Claims;
  down = false;
  readonly seen: string[] = [];
  readonly #lifetimeSeconds: number;
  readonly #document: Claims;
  readonly #keysPath: string;
  #keys: Awaited<ReturnType<typeof newKey>>[] = [];
  /** The secret of the job. */
  readonly jobSecret = crypto.randomUUID();

  private constructor(
    issuer: string,
    keysPath: string,
    document: Claims,
    job: Claims,
    lifetimeSeconds: number,
  ) {
    this.issuer = issuer;
    this.#keysPath = keysPath;
    this.#document = document;
    this.job = job;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** Signs nobody in: its document has no endpoints. */
  static github(): FakeCi {
    const document = {
      subject_types_supported: ["public", "pairwise"],
      response_types_supported: ["id_token"],
      id_token_signing_alg_values_supported: ["RS256"],
      scopes_supported: ["openid"],
    };
    const job = {
      sub: "repo:acme/devices:ref:refs/heads/main",
      ref: "refs/heads/main",
      ref_protected: "true",
      repository: "acme/devices",
      repository_id: "74",
      repository_owner: "acme",
      repository_owner_id: "65",
      event_name: "push",
      job_workflow_ref: "acme/devices/.github/workflows/apply.yml@refs/heads/main",
      runner_environment: "github-hosted",
    };
    return new FakeCi("https://token.actions.githubusercontent.com", "/.well-known/jwks", document, job, 300);
  }

  static gitlab(): FakeCi {
    const issuer = "https://gitlab.com";
    const document = {
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["plain", "S256"],
      id_token_signing_alg_values_supported: ["RS256"],
    };
    const job = {
      sub: "project_path:acme/devices:ref_type:branch:ref:main",
      project_path: "acme/devices",
      project_id: "22",
      namespace_path: "acme",
      ref: "main",
      ref_type: "branch",
      ref_protected: "true",
      user_access_level: "maintainer",
    };
    return new FakeCi(issuer, "/oauth/discovery/keys", document, job, 3_600);
  }

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    this.seen.push(`${request.method} ${url.pathname}`);
    if (this.down) return new Response("Service Unavailable", { status: 503 });
    await this.#current();
    if (url.pathname === "/.well-known/openid-configuration")
      return Response.json({
        issuer: this.issuer,
        jwks_uri: `${this.issuer}${this.#keysPath}`,
        ...this.#document,
      });
    if (url.pathname === this.#keysPath) return Response.json({ keys: this.#keys.map(({ jwk }) => jwk) });
    if (url.pathname !== "/job/token") return new Response("Not Found", { status: 404 });
    if (request.headers.get("Authorization") !== `bearer ${this.jobSecret}`)
      return Response.json({ message: "unauthorized" }, { status: 401 });
    return Response.json({ value: await this.#sign(url.searchParams.get("audience")) });
  }

  /** As a job asks for it. */
  async token(audience: string): Promise<string> {
    const url = `${this.issuer}/job/token?audience=${encodeURIComponent(audience)}`;
    const headers = { Authorization: `bearer ${this.jobSecret}` };
    const { value } = (await (await this.fetch(new Request(url, { headers }))).json()) as { value: string };
    return value;
  }

  /** Signs with a new key from now on; the one before stays listed, as is usual. */
  async rollKeys(): Promise<void> {
    this.#keys = [await newKey(), ...this.#keys.slice(0, 1)];
  }

  async #current() {
    if (this.#keys.length === 0) await this.rollKeys();
    return this.#keys[0];
  }

  async #sign(audience: string | null): Promise<string> {
    const key = await this.#current();
    if (key === undefined) throw new Error("the issuer has no key");
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      jti: crypto.randomUUID(),
      iss: this.issuer,
      aud: audience ?? "https://github.com/acme",
      iat: now,
      nbf: now - 5,
      exp: now + this.#lifetimeSeconds,
      ...this.job,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.kid })
      .sign(key.privateKey);
  }
}
