/**
 * Account-driven enrollment as Apple's systems do it: the person types an account, the device looks for the server, is told
 * where to sign in, lets the person do so, and comes back with a token. Errors end it where they end it on a device.
 */
import { selfSigned } from "./certificate.ts";
import { signedData } from "./cms.ts";
import type { AppleDevice } from "./device.ts";
import { pooledKey } from "./keys.ts";
import type { Transport } from "./line.ts";
import { messageBytes } from "./plist.ts";

/** What a person does in the web page that the device opens: where the page finally wants to lead. */
export type SigningIn = (url: string) => Promise<string>;

export type Found = { version: "mdm-byod" | "mdm-adde"; baseUrl: string };

export type Tokens = { access: string; refresh?: string | undefined; tokenUrl?: string; clientId?: string };

/** The device gave up; on a real one the person reads `message`. */
export class AccountRefused extends Error {
  override readonly name = "AccountRefused";
}

export async function discover(
  transport: Transport,
  account: string,
  family: string,
  host = account.slice(account.lastIndexOf("@") + 1),
): Promise<Found> {
  const url = new URL(`https://${host}/.well-known/com.apple.remotemanagement`);
  return discoverAt(transport, url, account, family);
}

export async function discoverAt(
  transport: Transport,
  at: URL,
  account: string,
  family: string,
): Promise<Found> {
  const url = new URL(at);
  url.searchParams.set("user-identifier", account);
  url.searchParams.set("model-family", family);
  const answer = await transport(new Request(url, { redirect: "follow" }));
  const text = await answer.text();
  if (answer.status !== 200) throw new AccountRefused(`discovery answers ${answer.status} ${text}`);
  const { Servers } = JSON.parse(text) as { Servers: { Version: Found["version"]; BaseURL: string }[] };
  const [server, ...others] = Servers;
  if (server === undefined || others.length > 0) throw new AccountRefused("discovery names not one server");
  return { version: server.Version, baseUrl: server.BaseURL };
}

/** The few facts that leave the device before anybody has signed in. */
export async function summaryOf(device: AppleDevice): Promise<Uint8Array<ArrayBuffer>> {
  const key = await pooledKey();
  const [notBefore, notAfter] = [device.now() - 86_400_000, device.now() + 86_400_000];
  const subject = [[["CN", "a device"]]] as const;
  const certificate = selfSigned({ key, subject, serial: 1, notBefore, notAfter, clientAuth: false });
  const { productName, buildVersion } = device.flavour;
  return signedData({
    content: messageBytes({ LANGUAGE: "en", PRODUCT: productName, VERSION: buildVersion }),
    detached: false,
    signer: { key, certificate },
    style: { digest: "SHA-256", attributes: true, encoding: "ber", algorithm: "plain" },
    now: device.now(),
  });
}

const post = async (transport: Transport, url: string, body: Uint8Array<ArrayBuffer>, token?: string) =>
  transport(
    new Request(url, {
      method: "POST",
      headers: {
        // What real ones send with a body that is CMS.
        "Content-Type":
          token === undefined ? "application/pkcs7-signature" : "application/x-www-form-urlencoded",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      body,
    }),
  );

/** From the account in Settings to an enrolled device. */
export async function enrollByAccount(
  device: AppleDevice,
  transport: Transport,
  account: string,
  found: Found,
  signIn: SigningIn,
): Promise<Tokens> {
  const body = await summaryOf(device);
  const first = await post(transport, found.baseUrl, body);
  if (first.status !== 401) throw new AccountRefused(`the first request is answered ${first.status}`);
  const tokens = await signInAt(transport, first.headers.get("WWW-Authenticate"), account, signIn);
  const second = await post(transport, found.baseUrl, body, tokens.access);
  if (second.status !== 200) throw new AccountRefused(`the second request is answered ${second.status}`);
  const profile = new Uint8Array(await second.arrayBuffer());
  await device.enroll({ profile, accessToken: tokens.access });
  const mode = device.line.management?.enrollmentMode;
  if (mode !== (found.version === "mdm-byod" ? "BYOD" : "ADDE"))
    throw new AccountRefused(`discovery said ${found.version}, and the profile ${mode}`);
  return tokens;
}

/** What a 401 makes a device do, at enrollment and at any time later. */
export async function signInAt(
  transport: Transport,
  header: string | null,
  account: string,
  signIn: SigningIn,
): Promise<Tokens> {
  const challenge = parameters(header ?? "");
  if (challenge.method === "apple-as-web") {
    const url = new URL(challenge.url ?? "");
    url.searchParams.set("user-identifier", account);
    const back = new URL(await signIn(url.href));
    const access = back.searchParams.get("access-token");
    if (!back.href.startsWith("apple-remotemanagement-user-login://authentication-results?") || !access)
      throw new AccountRefused(`the page leads to ${back.href}`);
    return { access };
  }
  if (challenge.method !== "apple-oauth2") throw new AccountRefused(`no way to sign in: ${header}`);
  return signInByOAuth(transport, challenge, account, signIn);
}

async function signInByOAuth(
  transport: Transport,
  challenge: Record<string, string>,
  account: string,
  signIn: SigningIn,
): Promise<Tokens> {
  const { "token-url": tokenUrl = "", "redirect-url": redirect = "", "client-id": clientId = "" } = challenge;
  const state = crypto.randomUUID();
  const url = new URL(challenge["authorization-url"] ?? "");
  const asked = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirect,
    state,
    login_hint: account,
    ...(challenge.scope !== undefined && { scope: challenge.scope }),
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  const back = new URL(await signIn(url.href));
  const code = back.searchParams.get("code");
  if (!back.href.startsWith(redirect) || back.searchParams.get("state") !== state || code === null)
    throw new AccountRefused(`the page leads to ${back.href}`);
  const form = { grant_type: "authorization_code", code, redirect_uri: redirect, client_id: clientId };
  const tokens = await askToken(transport, tokenUrl, form);
  return { access: tokens.access_token, refresh: tokens.refresh_token, tokenUrl, clientId };
}

/** Silently; the person is asked where it fails. */
export async function refresh(transport: Transport, tokens: Tokens): Promise<Tokens> {
  const form = {
    grant_type: "refresh_token",
    refresh_token: tokens.refresh ?? "",
    ...(tokens.clientId !== undefined && { client_id: tokens.clientId }),
  };
  const told = await askToken(transport, tokens.tokenUrl ?? "", form);
  return { ...tokens, access: told.access_token, refresh: told.refresh_token ?? tokens.refresh };
}

type TokenAnswer = { token_type: string; access_token: string; refresh_token?: string };

async function askToken(
  transport: Transport,
  url: string,
  form: Record<string, string>,
): Promise<TokenAnswer> {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams(form).toString();
  const answer = await transport(new Request(url, { method: "POST", headers, body }));
  const told = (await answer.json()) as TokenAnswer & { error?: string };
  if (answer.status !== 200 || told.token_type !== "Bearer")
    throw new AccountRefused(`the token endpoint answers ${answer.status} ${told.error}`);
  return told;
}

/** `Bearer method="…", url="…"`; some servers leave the comma out, which devices take. */
function parameters(header: string): Record<string, string> {
  if (!header.startsWith("Bearer ")) return {};
  const found = header.matchAll(/([a-z-]+)="([^"]*)"/g);
  return Object.fromEntries([...found].map(([, name = "", value = ""]) => [name, value]));
}
