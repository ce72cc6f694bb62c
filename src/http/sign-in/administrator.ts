import type { Context } from "hono";
import { html } from "hono/html";
import { loadSettings } from "../../admin/settings.ts";
import { administratorOf } from "../../admin/sign-in/administrator.ts";
import { type Administrators, readAdministrators } from "../../admin/sign-in/administrators.ts";
import { acceptForSignIn } from "../../admin/sign-in/invitations.ts";
import {
  digestOf,
  isVerifier,
  openAdministratorSession,
  openPending,
  type Pending,
  type Program,
  programOf,
  sealPending,
} from "../../admin/sign-in/session.ts";
import { ok, type Result } from "../../base/result.ts";
import { second } from "../../base/time.ts";
import { openDb } from "../../db/open.ts";
import { masterKeys } from "../../pki/master.ts";
import { browserSecret, hashOf } from "../../sign-in/flow.ts";
import type { Claims } from "../../sign-in/person.ts";
import type { SignInRefusal } from "../../sign-in/refusal.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../body.ts";
import { publicOrigin } from "../origin.ts";
import { beginSignIn } from "./begin.ts";
import { readCookie } from "./cookies.ts";
import { noteAcceptance, tokenPage as showToken } from "./invitation.ts";
import { apologize, personPage, speakTo } from "./pages.ts";

/** What began the sign-in: a program, or the link of an invitation. */
type Resume = { program?: Program | undefined; invitation?: string };

/**
 * An administrator signs in at a browser and gets an API token that lasts for hours: on the page itself, or in the program
 * that opened it, which waits on the same computer (RFC 8252) or is a page of this server.
 *
 * The surprise: a person confirms each sign-in here, although the provider may not ask at all. Otherwise any program on
 * the computer, or any link, would get a token unseen.
 */
export async function beginAsAdministrator(c: Context<AppEnv>): Promise<Response> {
  const program = programOf(c.req.query(), publicOrigin(c));
  if (!program.ok) return apologize(c, { reason: "program-not-accepted", detail: program.refusal });
  const resume = JSON.stringify({ program: program.value } satisfies Resume);
  return beginSignIn(c, { purpose: "administrator", resume });
}

export async function arriveAsAdministrator(
  c: Context<AppEnv>,
  { claims, resume, state }: { claims: Claims; resume: string; state: string | undefined },
): Promise<Response> {
  const known = await readAdministrators(c.env);
  if (known === undefined)
    return apologize(c, { reason: "administrators-not-set", detail: "removed meanwhile" });
  const { program, invitation } = JSON.parse(resume) as Resume;
  const accepted =
    invitation === undefined ? ok(known.provider) : await accept(c, invitation, claims, known.provider);
  if (!accepted.ok) return apologize(c, accepted.refusal, state);
  const settings = accepted.value;
  const found = administratorOf(claims, settings);
  if (!found.ok) return apologize(c, found.refusal, state);
  const pending = await sealPending(
    await masterKeys(c.env),
    {
      step: "confirm",
      administrator: found.value,
      settings: await digestOf(settings),
      sessionHours: settings.session_hours,
      program,
      browser: await hashOf(browserSecret(readCookie(c, "browser"))),
    },
    Date.now(),
  );
  return confirmPage(c, pending, { ...found.value, sessionHours: settings.session_hours, program });
}

/** The rules with the one that the invitation has become. */
async function accept(
  c: Context<AppEnv>,
  code: string,
  claims: Claims,
  before: Administrators,
): Promise<Result<Administrators, SignInRefusal>> {
  const now = Date.now();
  const accepted = await acceptForSignIn(c.env, code, claims, before, now);
  if (!accepted.ok) return accepted;
  await noteAcceptance(c, accepted.value, now);
  return ok((await readAdministrators(c.env))?.provider ?? before);
}

/** The person says yes. The form carries what this browser was shown, and no other browser can send it. */
export async function confirm(c: Context<AppEnv>): Promise<Response> {
  const now = Date.now();
  const keys = await masterKeys(c.env);
  const form = await readForm(c.req.raw, largestForm);
  const pending = await openPending(c.env, keys, "confirm", form?.get("sign-in") ?? "", now);
  if (pending === undefined)
    return apologize(c, { reason: "state-unknown", detail: "the confirmation is void" });
  const cookie = readCookie(c, "browser");
  if (cookie === undefined || (await hashOf(cookie)) !== pending.browser)
    return apologize(c, { reason: "other-browser", detail: "the confirmation comes from another browser" });
  const { program } = pending;
  if (program === undefined) return tokenPage(c, pending, now);
  const to = new URL(program.redirectUri);
  to.searchParams.set("code", await sealPending(keys, { ...pending, step: "code" }, now));
  if (program.state !== undefined) to.searchParams.set("state", program.state);
  c.header("Cache-Control", "no-store");
  c.header("Referrer-Policy", "no-referrer");
  return c.redirect(to.href, 303);
}

/** The token endpoint (RFC 6749 section 4.1.3), for programs that keep no secret: the verifier proves who began. */
export async function giveToken(c: Context<AppEnv>): Promise<Response> {
  const now = Date.now();
  const form = await readForm(c.req.raw, largestForm);
  const field = (name: string): string => form?.get(name) ?? "";
  if (field("grant_type") !== "authorization_code")
    return refuseToken(c, "unsupported_grant_type", "grant_type must be authorization_code");
  const pending = await openPending(c.env, await masterKeys(c.env), "code", field("code"), now);
  const program = pending?.program;
  if (pending === undefined || program === undefined)
    return refuseToken(
      c,
      "invalid_grant",
      "the code is unknown or older than a minute, or the rules were changed",
    );
  if (field("redirect_uri") !== "" && URL.parse(field("redirect_uri"))?.href !== program.redirectUri)
    return refuseToken(c, "invalid_grant", "the code was given to another redirect_uri");
  if (!(await isVerifier(field("code_verifier"), program)))
    return refuseToken(c, "invalid_grant", "the code_verifier does not fit the code_challenge");
  const session = await openAdministratorSession(openDb(c.env.DB), pending, now);
  if (session === undefined) return refuseToken(c, "invalid_grant", "the code was used already");
  c.header("Cache-Control", "no-store");
  return c.json({
    access_token: session.token,
    token_type: "Bearer",
    expires_in: Math.floor((session.expiresAt - now) / second),
  });
}

function refuseToken(c: Context, error: string, description: string): Response {
  c.header("Cache-Control", "no-store");
  return c.json({ error, error_description: description }, 400);
}

async function tokenPage(c: Context<AppEnv>, pending: Pending, now: number): Promise<Response> {
  const session = await openAdministratorSession(openDb(c.env.DB), pending, now);
  if (session === undefined)
    return apologize(c, { reason: "code-spent", detail: "the sign-in was confirmed already" });
  return showToken(c, { ...session, name: pending.administrator.name, lasts: false });
}

async function confirmPage(
  c: Context<AppEnv>,
  pending: string,
  shown: {
    name: string;
    role: string;
    rights: readonly string[];
    sessionHours: number;
    program: Program | undefined;
  },
): Promise<Response> {
  const { organization } = await loadSettings(c.env, Date.now());
  const { name, role, rights, sessionHours, program } = shown;
  const { words, language } = await speakTo(c);
  const own = words.administrator;
  const to = program && new URL(program.redirectUri);
  const who =
    to === undefined ? own.showsToken : to.origin === publicOrigin(c) ? own.console : own.program(to.host);
  const content = html`<main><p class="who">${organization}</p><h1>${own.title}</h1>
<dl><dt>${own.you}</dt><dd>${name}</dd><dt>${own.role}</dt><dd>${[role, ...rights].join(", ")}</dd><dt>${own.lasts}</dt><dd>${own.hours(sessionHours)}</dd></dl>
<p>${who}</p>
<form method="post" action="/sign-in/admin"><input type="hidden" name="sign-in" value="${pending}">
<p class="action"><button class="button">${own.next}</button></p></form>
<p class="quiet">${own.stop}</p></main>`;
  return personPage(c, own.title, content, { language, forms: `'self' ${to?.origin ?? ""}` });
}

const largestForm = 16 * 1024;
