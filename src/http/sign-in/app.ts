import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { claimsOfRules } from "../../admin/sign-in/administrator.ts";
import type { Administrators } from "../../admin/sign-in/administrators.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { redeemCode } from "../../enrollment/redeem-code.ts";
import { rememberPerson } from "../../people/remember-person.ts";
import { masterKeys } from "../../pki/master.ts";
import { claimsOfAssertion } from "../../sign-in/access.ts";
import { type Flow, openFlow } from "../../sign-in/flow.ts";
import { finishOidc } from "../../sign-in/oidc.ts";
import { type Claims, type Person, personOf } from "../../sign-in/person.ts";
import { loadProvider, type Provider } from "../../sign-in/provider.ts";
import type { SignInRefusal } from "../../sign-in/refusal.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../body.ts";
import { logRequestFault } from "../fault.ts";
import type { Arrival } from "./arrival.ts";
import { arrivals, codeArrivals } from "./arrivals.ts";
import {
  accessPaths,
  askForCode,
  backchannelLogoutPath,
  beginSignIn,
  callbackPath,
  redirectUri,
} from "./begin.ts";
import { readCookie } from "./cookies.ts";
import { showMe, signedOutPage, signOut, whoIs } from "./me.ts";
import { apologize, personPage, speakTo } from "./pages.ts";
import { isPurpose, type PurposeName } from "./purposes.ts";
import { sourceOf } from "./source.ts";

/** Where people come back to when they sign in, whatever for. Whatever goes wrong is a page, for it is a person who reads it. */
export const signIn = new Hono<AppEnv>();

signIn.get("/me", async (c) => {
  const person = await whoIs(c);
  return person ? showMe(c, person) : beginSignIn(c, { purpose: "person", resume: "" });
});

signIn.post("/sign-out", signOut);
signIn.get("/sign-out", signedOutPage);

signIn.get(callbackPath, async (c) => {
  const { state, code, error, error_description: errorDescription, iss } = c.req.query();
  const flow = await flowOf(c, state);
  if (!flow.ok) return apologize(c, flow.refusal);
  const now = Date.now();
  const known = await sourceOf(c.env, flow.value.purpose, now);
  if (known?.provider.kind !== "oidc") return apologize(c, changedMeanwhile, state);
  const returned = { code, error, errorDescription, iss };
  const { provider, secret } = known;
  const order = { redirectUri: redirectUri(c), wanted: wantedClaims(provider) };
  const signedIn = await finishOidc(provider, secret, flow.value, returned, order, now);
  if (!signedIn.ok) return apologize(c, signedIn.refusal, state);
  return arriveWith(c, flow.value, signedIn.value, state);
});

signIn.on("GET", Object.values(accessPaths), async (c) => {
  const state = c.req.query("state");
  const flow = await flowOf(c, state);
  if (!flow.ok) return apologize(c, flow.refusal);
  const now = Date.now();
  const known = await sourceOf(c.env, flow.value.purpose, now);
  if (known?.provider.kind !== "access") return apologize(c, changedMeanwhile, state);
  const claims = await claimsOfAssertion(known.provider, c.req.header("Cf-Access-Jwt-Assertion"), now);
  if (!claims.ok) return apologize(c, claims.refusal, state);
  return arriveWith(c, flow.value, { claims: claims.value }, state);
});

signIn.post("/sign-in/code", async (c) => {
  const form = await readForm(c.req.raw, largestForm);
  const state = form?.get("state") ?? undefined;
  const flow = await flowOf(c, state);
  if (!flow.ok || state === undefined) return apologize(c, flow.ok ? noState : flow.refusal);
  const now = Date.now();
  const { purpose, resume } = flow.value;
  // Where there is a provider, a code must not lead around it; and no code makes an administrator.
  if (purpose === "administrator" || (await loadProvider(c.env, now)) !== undefined)
    return apologize(c, changedMeanwhile, state);
  const code = form?.get("code")?.trim() ?? "";
  const askAgain = () => askForCode(c, purpose, state, true);
  const own = await codeArrivals[purpose]?.();
  if (own) return own(c, { code, resume, askAgain });
  const redeemed = await redeemCode(c.env, code, now);
  if (!redeemed.ok) return askAgain();
  const { id, account } = redeemed.value;
  const person = {
    by: "invitation" as const,
    issuer: id,
    subject: account ?? id,
    account,
    name: null,
    email: null,
    department: null,
  };
  return arrive(c, { purpose, resume }, { person });
});

/** The provider itself asks, not a person's browser. */
signIn.post(backchannelLogoutPath, async (c) => (await import("./backchannel-logout.ts")).logOut(c));

/** The same sign-in once more; `other`: with another account. */
signIn.get("/sign-in/again", async (c) => {
  const flow = await flowOf(c, c.req.query("state"));
  if (!flow.ok) return apologize(c, flow.refusal);
  const { purpose, resume } = flow.value;
  const prompt = c.req.query("other") === undefined ? undefined : ("login" as const);
  return beginSignIn(c, { purpose, resume, prompt });
});

signIn.get("/sign-in/admin", async (c) => (await administrator()).beginAsAdministrator(c));
signIn.post("/sign-in/admin", async (c) => (await administrator()).confirm(c));
signIn.post("/sign-in/admin/token", async (c) => (await administrator()).giveToken(c));

signIn.get("/sign-in/invitation", async (c) => (await invitation()).showInvitation(c));
signIn.post("/sign-in/invitation", async (c) => (await invitation()).acceptInvitation(c));
signIn.get("/sign-in/invitation/sign-in", async (c) => (await invitation()).signInForInvitation(c));

const invitation = () => import("./invitation.ts");
const administrator = () => import("./administrator.ts");

signIn.onError(async (fault, c) => {
  logRequestFault(fault, c);
  c.status(503);
  c.header("Retry-After", "60");
  const { words, language } = await speakTo(c);
  const { title, why, next } = words.fault;
  const content = html`<main><h1>${title}</h1><p>${why}</p><p>${next}</p></main>`;
  return personPage(c, title, content, { language });
});

const noState: SignInRefusal = { reason: "state-unknown", detail: "the form has no state" };
const changedMeanwhile: SignInRefusal = {
  reason: "code-spent",
  detail: "the way to sign in was changed after this sign-in began",
};

type KnownFlow = Flow & { purpose: PurposeName };

const flowOf = async (
  c: Context<AppEnv>,
  state: string | undefined,
): Promise<Result<KnownFlow, SignInRefusal>> => {
  const flow = await openFlow(await masterKeys(c.env), state, readCookie(c, "browser"), Date.now());
  if (!flow.ok) return flow;
  const { purpose } = flow.value;
  return isPurpose(purpose)
    ? ok({ ...flow.value, purpose })
    : refuse({ reason: "state-unknown", detail: "for a purpose that is no more" });
};

/** What the rules read, and providers may keep out of the ID token. */
const wantedClaims = (provider: Provider | Administrators): string[] =>
  "rules" in provider ? claimsOfRules(provider) : [provider.account_claim];

async function arriveWith(
  c: Context<AppEnv>,
  flow: KnownFlow,
  { claims, idToken }: { claims: Claims; idToken?: string },
  state: string | undefined,
): Promise<Response> {
  const { purpose, resume } = flow;
  if (purpose === "administrator")
    return (await administrator()).arriveAsAdministrator(c, { claims, resume, state });
  const provider = (await loadProvider(c.env, Date.now()))?.provider;
  if (provider === undefined) return apologize(c, changedMeanwhile, state);
  const person = personOf(provider.kind, provider.issuer, claims, provider);
  if (!person.ok) return apologize(c, person.refusal, state);
  return arrive(c, { purpose, resume }, { person: person.value, ...(idToken !== undefined && { idToken }) });
}

async function arrive(
  c: Context<AppEnv>,
  { purpose, resume }: { purpose: Exclude<PurposeName, "administrator">; resume: string },
  { person, idToken }: Pick<Arrival, "person"> & { idToken?: string },
): Promise<Response> {
  if (purpose !== "person") await remember(c, person);
  const told = await arrivals[purpose]();
  return told(c, { person, resume, idToken });
}

/** Somebody who signs in to enroll a device. What fails here must not keep the device from its enrollment. */
async function remember(c: Context<AppEnv>, person: Person): Promise<void> {
  try {
    await rememberPerson(c.env, person, Date.now());
  } catch (fault) {
    logRequestFault(fault, c);
  }
}

const largestForm = 8 * 1024;
