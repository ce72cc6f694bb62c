// How a person gets a session: a token of their own, the sign-in of the organization (OAuth 2.0 with PKCE, docs/sign-in.md),
// or Cloudflare Access in front of the server.

import { apiWith } from "./api.ts";
import { faultOf, ProblemError } from "./fault.ts";
import { begin, currentToken, forget, type Session, session } from "./session.ts";

export const arrivalPath = "/signed-in";

const attempt = "edgemdm-sign-in";
const channelName = "edgemdm-sign-in";

type Attempt = { verifier: string; state: string; returnTo: string };

/** True: the token, or Access, lets the person in. False: it does not. Throws if the server cannot be asked. */
export async function signInWith(token: string | undefined): Promise<Session | undefined> {
  try {
    const known = await apiWith(token).get("/session");
    begin(known, token);
    return known;
  } catch (error) {
    if (error instanceof ProblemError && (error.status === 401 || error.status === 403)) return undefined;
    throw error;
  }
}

/** At the start: with the token of this tab, or by Cloudflare Access. */
export async function resume(): Promise<Session | undefined> {
  const found = await signInWith(currentToken());
  if (found === undefined) forget();
  return found;
}

/** Whether administrators can sign in at a provider: else the address leads to a page that says so. */
export async function hasProvider(): Promise<boolean> {
  const answer = await fetch("/sign-in/admin", { redirect: "manual" }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.type === "opaqueredirect";
}

async function addressOfProvider(kept: Attempt): Promise<string> {
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(kept.verifier)),
  );
  const asked = new URLSearchParams({
    redirect_uri: redirectUri(),
    code_challenge: base64Url(digest),
    code_challenge_method: "S256",
    state: kept.state,
  });
  return `/sign-in/admin?${asked}`;
}

const redirectUri = (): string => `${location.origin}/console${arrivalPath}`;

const newAttempt = (returnTo: string): Attempt => ({ verifier: secret(), state: secret(), returnTo });

/** Leaves this page for the organization's sign-in, which comes back to `/console/signed-in`. */
export async function leaveForProvider(returnTo: string): Promise<void> {
  const kept = newAttempt(returnTo);
  sessionStorage.setItem(attempt, JSON.stringify(kept));
  location.assign(await addressOfProvider(kept));
}

/**
 * The same in a window of its own, while this page keeps what was typed. The window must be opened before anything is
 * awaited: browsers allow it only at a click.
 */
export async function signInBeside(): Promise<Session | undefined> {
  const kept = newAttempt("");
  const beside = open("about:blank", "_blank", "popup,width=520,height=720");
  const channel = new BroadcastChannel(channelName);
  const came = new Promise<URLSearchParams>((done) => {
    channel.onmessage = ({ data }) => {
      const found = new URLSearchParams(String(data));
      if (found.get("state") === kept.state) done(found);
    };
  });
  const address = await addressOfProvider(kept);
  if (beside === null) return undefined;
  beside.location.href = address;
  try {
    return await exchange(await came, kept.verifier);
  } finally {
    channel.close();
  }
}

/** On `/console/signed-in`: the address to go on to; "beside": another window waits for this; undefined: it failed. */
export async function arrive(search: URLSearchParams): Promise<{ to: string } | "beside" | undefined> {
  const kept = JSON.parse(sessionStorage.getItem(attempt) ?? "null") as Attempt | null;
  if (kept === null || search.get("state") !== kept.state) {
    if (!search.has("code")) return undefined;
    const channel = new BroadcastChannel(channelName);
    channel.postMessage(search.toString());
    channel.close();
    return "beside";
  }
  sessionStorage.removeItem(attempt);
  const found = await exchange(search, kept.verifier);
  return found && { to: kept.returnTo };
}

async function exchange(search: URLSearchParams, verifier: string): Promise<Session | undefined> {
  const answer = await fetch("/sign-in/admin/token", {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: search.get("code") ?? "",
      code_verifier: verifier,
      redirect_uri: redirectUri(),
    }),
  });
  if (!answer.ok) return undefined;
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return signInWith(token);
}

/** Revokes what a sign-in gave, and forgets the token; at the provider the person signs out as well, if it can. */
export async function signOut(): Promise<void> {
  const by = session.peek()?.by;
  const token = currentToken();
  forget();
  if (by !== "sign-in" && by !== "access") return;
  try {
    const { provider_sign_out: leave } = await apiWith(token).delete("/session");
    if (leave !== null) location.assign(leave);
  } catch (error) {
    // The token is forgotten here and ends by itself: nothing is left for the person to do.
    faultOf(error);
  }
}

const secret = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
