import type { Context } from "hono";
import { html } from "hono/html";
import { loadSettings } from "../../admin/settings.ts";
import { hour } from "../../base/time.ts";
import { listOwnDevices, type OwnDevice } from "../../db/account-grants.ts";
import { openDb } from "../../db/open.ts";
import { loadEnrollmentSettings } from "../../enrollment/enrollment-settings.ts";
import { logoutAddress } from "../../sign-in/logout.ts";
import type { Person } from "../../sign-in/person.ts";
import { loadProvider } from "../../sign-in/provider.ts";
import { closeSession, openSession, personOfSession } from "../../sign-in/sessions.ts";
import type { AppEnv } from "../app-env.ts";
import { publicOrigin } from "../origin.ts";
import type { Arrival } from "./arrival.ts";
import { giveCookie, readCookie, takeCookie } from "./cookies.ts";
import { personPage, speakTo } from "./pages.ts";
import { type EnrolledAs, privacyLists } from "./privacy.ts";

/** A person's own page: who this server takes them for, what it manages in their name, and the way out. */
const hoursWithoutProvider = 1;

export async function arriveAtMe(c: Context<AppEnv>, { person, idToken }: Arrival): Promise<Response> {
  const now = Date.now();
  const hours = (await loadProvider(c.env, now))?.provider.session_hours ?? hoursWithoutProvider;
  // A session that was there before ends: what somebody planted in the browser is worth nothing.
  await closeSession(c.env, readCookie(c, "session"));
  const { secret } = await openSession(c.env, person, { idToken, hours }, now);
  giveCookie(c, "session", secret, hours * hour);
  return c.redirect("/me", 303);
}

/** undefined: nobody is signed in. */
export const whoIs = (c: Context<AppEnv>): Promise<Person | undefined> =>
  personOfSession(c.env, readCookie(c, "session"), Date.now());

export async function showMe(c: Context<AppEnv>, person: Person): Promise<Response> {
  const now = Date.now();
  const { organization } = await loadSettings(c.env, now);
  const { mdm } = await loadEnrollmentSettings(c.env, now);
  const leaving = await logoutAddress((await loadProvider(c.env, now))?.provider, now);
  const devices = person.account === null ? [] : await listOwnDevices(openDb(c.env.DB), person.account);
  const spoken = await speakTo(c);
  const { language, words } = spoken;
  const own = words.me;
  const content = html`<main>
<p class="who">${organization}</p>
<h1>${own.heading}</h1>
<dl>
${person.name ? html`<dt>${own.name}</dt><dd>${person.name}</dd>` : ""}
${person.account ? html`<dt>${own.account}</dt><dd>${person.account}</dd>` : ""}
</dl>
${devices.map(
  (device) => html`<h2>${device.name ?? device.modelName ?? own.device}</h2>
<p>${device.kind === "user" ? own.yours : own.managed(organization)}${device.enrolledAt === null ? "" : html`, <time datetime="${new Date(device.enrolledAt).toISOString()}">${own.since(dayIn(words.locale, device.enrolledAt))}</time>`}</p>
<details><summary>${own.privacy(organization)}</summary>${privacyLists(organization, enrolledAs(device, mdm.AccessRights), spoken)}</details>`,
)}
<form method="post" action="/sign-out"><p class="action"><button class="button plain">${own.signOut}</button></p></form>
</main>`;
  // The answer to the form leads to the provider, which browsers hold to this page's policy.
  const forms = `'self' ${leaving === undefined ? "" : new URL(leaving).origin}`;
  return personPage(c, own.title(organization), content, { forms, language });
}

const enrolledAs = ({ kind }: OwnDevice, accessRights: number | undefined): EnrolledAs =>
  kind === "user" ? { kind } : { kind: "organization", accessRights };

const dayIn = (locale: string, time: number): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(time);

/** Ends the session here, and at the provider where that is possible (OpenID Connect RP-Initiated Logout 1.0). */
export async function signOut(c: Context<AppEnv>): Promise<Response> {
  const now = Date.now();
  const closed = await closeSession(c.env, readCookie(c, "session"));
  takeCookie(c, "session");
  c.header("Cache-Control", "no-store");
  const provider = (await loadProvider(c.env, now))?.provider;
  const leaving = closed && (await logoutAddress(provider, now));
  if (provider === undefined || leaving === undefined) return c.redirect("/sign-out", 303);
  const url = new URL(leaving);
  if (provider.kind === "oidc") {
    url.searchParams.set("client_id", provider.client_id);
    url.searchParams.set("post_logout_redirect_uri", `${publicOrigin(c)}/sign-out`);
    if (closed?.idToken) url.searchParams.set("id_token_hint", closed.idToken);
  }
  return c.redirect(url.href, 303);
}

export async function signedOutPage(c: Context<AppEnv>): Promise<Response> {
  const { organization } = await loadSettings(c.env, Date.now());
  const { words, language } = await speakTo(c);
  const own = words.me;
  const content = html`<main><p class="who">${organization}</p><h1>${own.signedOut}</h1>
<p>${own.signedOutHelp}</p>
<p class="action"><a class="button" href="/me" rel="nofollow">${own.signInAgain}</a></p></main>`;
  return personPage(c, own.signedOut, content, { language });
}
