import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { ok, type Result, refuse } from "../../base/result.ts";
import { redeemCode } from "../../enrollment/redeem-code.ts";
import { masterKeys } from "../../pki/master.ts";
import { personOfAssertion } from "../../sign-in/access.ts";
import { type Flow, openFlow } from "../../sign-in/flow.ts";
import { finishOidc } from "../../sign-in/oidc.ts";
import { loadProvider } from "../../sign-in/provider.ts";
import type { SignInRefusal } from "../../sign-in/refusal.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../body.ts";
import { logRequestFault } from "../fault.ts";
import type { Arrival } from "./arrival.ts";
import { arrivals, codeArrivals } from "./arrivals.ts";
import { askForCode, beginSignIn, callbackPath, redirectUri } from "./begin.ts";
import { readCookie } from "./cookies.ts";
import { showMe, signedOutPage, signOut, whoIs } from "./me.ts";
import { apologize, personPage } from "./pages.ts";
import { isPurpose, type PurposeName } from "./purposes.ts";

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
  const known = await loadProvider(c.env, now);
  if (known?.provider.kind !== "oidc") return apologize(c, changedMeanwhile, state);
  const returned = { code, error, errorDescription, iss };
  const { provider, secret } = known;
  const signedIn = await finishOidc(provider, secret, flow.value, returned, redirectUri(c), now);
  if (!signedIn.ok) return apologize(c, signedIn.refusal, state);
  return arrive(c, flow.value, signedIn.value);
});

signIn.get("/sign-in/access", async (c) => {
  const state = c.req.query("state");
  const flow = await flowOf(c, state);
  if (!flow.ok) return apologize(c, flow.refusal);
  const now = Date.now();
  const known = await loadProvider(c.env, now);
  if (known?.provider.kind !== "access") return apologize(c, changedMeanwhile, state);
  const person = await personOfAssertion(known.provider, c.req.header("Cf-Access-Jwt-Assertion"), now);
  if (!person.ok) return apologize(c, person.refusal, state);
  return arrive(c, flow.value, { person: person.value });
});

signIn.post("/sign-in/code", async (c) => {
  const form = await readForm(c.req.raw, largestForm);
  const state = form?.get("state") ?? undefined;
  const flow = await flowOf(c, state);
  if (!flow.ok || state === undefined) return apologize(c, flow.ok ? noState : flow.refusal);
  const now = Date.now();
  // Where there is a provider, a code must not lead around it.
  if ((await loadProvider(c.env, now)) !== undefined) return apologize(c, changedMeanwhile, state);
  const { purpose, resume } = flow.value;
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
  };
  return arrive(c, flow.value, { person });
});

/** The same sign-in once more; `other`: with another account. */
signIn.get("/sign-in/again", async (c) => {
  const flow = await flowOf(c, c.req.query("state"));
  if (!flow.ok) return apologize(c, flow.refusal);
  const { purpose, resume } = flow.value;
  const prompt = c.req.query("other") === undefined ? undefined : ("login" as const);
  return beginSignIn(c, { purpose, resume, prompt });
});

signIn.onError((fault, c) => {
  logRequestFault(fault, c);
  c.status(503);
  c.header("Retry-After", "60");
  const title = "That did not work";
  const content = html`<main><h1>${title}</h1><p>Something failed on the server.</p><p>Try again in a minute.</p></main>`;
  return personPage(c, title, content);
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

async function arrive(
  c: Context<AppEnv>,
  { purpose, resume }: KnownFlow,
  { person, idToken }: Pick<Arrival, "person"> & { idToken?: string },
): Promise<Response> {
  const told = await arrivals[purpose]();
  return told(c, { person, resume, idToken });
}

const largestForm = 8 * 1024;
