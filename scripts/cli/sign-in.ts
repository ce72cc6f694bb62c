// Signing in with a browser: OAuth 2.0 for programs on a person's computer (RFC 8252), with PKCE (RFC 7636). The browser
// brings the code to an address of this computer, and only this program can exchange it.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Trouble } from "../trouble.ts";

export type SignedIn = { token: string; expiresAt: string };

/** As long as the server lets a person take to confirm. */
const patienceMs = 10 * 60_000;
const answerMs = 30_000;

const random = (): string => randomBytes(32).toString("base64url");

/** `show` gets the address that a browser must open. undefined: nobody can sign in at this server, with a token alone. */
export async function signIn(origin: string, show: (url: string) => void): Promise<SignedIn | undefined> {
  const [verifier, state] = [random(), random()];
  const callback = await Callback.open(state);
  try {
    const address = new URL("/sign-in/admin", origin);
    address.search = new URLSearchParams({
      redirect_uri: callback.address,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      state,
    }).toString();
    if (!(await leadsOn(address))) return undefined;
    show(address.href);
    return await exchange(origin, await callback.code, verifier, callback.address);
  } finally {
    callback.close();
  }
}

/** Without a provider for administrators the server answers a page that says so. */
async function leadsOn(address: URL): Promise<boolean> {
  const answer = await ask(address, { redirect: "manual" });
  await answer.body?.cancel();
  return answer.status >= 300 && answer.status < 400;
}

async function exchange(
  origin: string,
  code: string,
  verifier: string,
  redirectUri: string,
): Promise<SignedIn> {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  });
  const answer = await ask(new URL("/sign-in/admin/token", origin), {
    method: "POST",
    body,
    redirect: "manual",
  });
  const said = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  const { access_token: token, expires_in: seconds, error_description: why } = said;
  if (!answer.ok || typeof token !== "string" || typeof seconds !== "number")
    throw new Trouble(
      `${origin} gives no token: ${typeof why === "string" ? why : `status ${answer.status}`}`,
    );
  return { token, expiresAt: new Date(Date.now() + seconds * 1000).toISOString() };
}

async function ask(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(answerMs) });
  } catch (fault) {
    throw new Trouble(`${url.origin} does not answer`, { cause: fault });
  }
}

/** Waits at an address of this computer alone for the browser that comes back. */
class Callback {
  readonly address: string;
  readonly code: Promise<string>;
  readonly close: () => void;

  private constructor(server: ReturnType<typeof createServer>, state: string) {
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.code = promise;
    // Who gives up before anybody waits has failed already.
    promise.catch(() => undefined);
    const timer = setTimeout(() => reject(new Trouble("nobody signed in within ten minutes")), patienceMs);
    server.on("request", (request, response) => {
      const code = codeOf(request, this.address, state);
      answer(response, code !== undefined);
      if (code !== undefined) resolve(code);
    });
    this.close = () => {
      clearTimeout(timer);
      server.close();
      server.closeIdleConnections();
    };
  }

  static async open(state: string): Promise<Callback> {
    const server = createServer();
    await new Promise<void>((done, failed) => {
      server.once("error", failed);
      server.listen(0, "127.0.0.1", done);
    });
    return new Callback(server, state);
  }
}

/** Only what this program began brings its state. */
function codeOf(request: IncomingMessage, address: string, state: string): string | undefined {
  const url = URL.parse(request.url ?? "", address);
  if (request.method !== "GET" || url?.pathname !== "/") return undefined;
  const [code, came] = [url.searchParams.get("code"), Buffer.from(url.searchParams.get("state") ?? "")];
  const expected = Buffer.from(state);
  const isOurs = came.length === expected.length && timingSafeEqual(came, expected);
  return isOurs && code ? code : undefined;
}

function answer(response: ServerResponse, isOurs: boolean): void {
  const said = isOurs
    ? "You are signed in. Close this page and go back to the terminal."
    : "This page belongs to no sign-in that edgemdm began.";
  response
    .writeHead(isOurs ? 200 : 400, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'",
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "no-store",
      Connection: "close",
    })
    .end(`<!doctype html><title>edgemdm</title><p>${said}</p>`);
}
