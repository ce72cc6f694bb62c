import type { Context } from "hono";
import { html } from "hono/html";
import { loadSettings } from "../../admin/settings.ts";
import { acceptForToken, openInvitation } from "../../admin/sign-in/invitations.ts";
import type { AdministratorInvitationRow } from "../../db/administrator-invitations.ts";
import { insertAudit } from "../../db/audit.ts";
import { openDb } from "../../db/open.ts";
import type { SignInRefusal } from "../../sign-in/refusal.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../body.ts";
import { trace } from "../trace.ts";
import { beginSignIn } from "./begin.ts";
import { apologize, personPage, speakTo } from "./pages.ts";

/**
 * A colleague opens the link of an invitation to administer.
 *
 * The surprise: opening it uses up nothing, because mail scanners and previews open every link before the person does. It is
 * used up by the form (token), or when the invited person comes back from the provider (sign-in).
 */
export const invitationPath = "/sign-in/invitation";

export async function showInvitation(c: Context<AppEnv>): Promise<Response> {
  const code = c.req.query("code") ?? "";
  const invitation = await openInvitation(c.env, code, Date.now());
  if (invitation === undefined) return apologize(c, notGood);
  const { words, language } = await speakTo(c);
  const { organization } = await loadSettings(c.env, Date.now());
  const own = words.invitation;
  const until = new Date(invitation.expiresAt);
  const isSignIn = invitation.way === "sign-in";
  const action = isSignIn
    ? html`<p class="action"><a class="button" href="${invitationPath}/sign-in?code=${code}" rel="nofollow">${own.signIn}</a></p>`
    : html`<form method="post" action="${invitationPath}"><input type="hidden" name="code" value="${code}">
<p class="action"><button class="button">${own.accept}</button></p></form>`;
  const content = html`<main><p class="who">${organization}</p><h1>${own.title}</h1>
<p>${own.intro(organization, invitation.invitedBy ?? undefined)}</p>
<dl><dt>${own.address}</dt><dd>${invitation.email}</dd>
<dt>${own.role}</dt><dd>${[own.roles[invitation.role], ...invitation.rights].join(", ")}</dd>
<dt>${own.until}</dt><dd><time datetime="${until.toISOString()}">${momentIn(words.locale, until)}</time></dd></dl>
<p>${isSignIn ? own.signInHow : own.acceptHow(invitation.tokenDays)}</p>
${action}
<p class="quiet">${own.notYou}</p></main>`;
  return personPage(c, own.title, content, { forms: "'self'", language });
}

/** The way `sign-in`: the code comes back with the person, sealed. */
export async function signInForInvitation(c: Context<AppEnv>): Promise<Response> {
  const code = c.req.query("code") ?? "";
  const invitation = await openInvitation(c.env, code, Date.now());
  if (invitation?.way !== "sign-in") return apologize(c, notGood);
  return beginSignIn(c, {
    purpose: "administrator",
    resume: JSON.stringify({ invitation: code }),
    hint: invitation.email,
  });
}

/** The way `token`. */
export async function acceptInvitation(c: Context<AppEnv>): Promise<Response> {
  const now = Date.now();
  const form = await readForm(c.req.raw, largestForm);
  const invitation = await openInvitation(c.env, form?.get("code") ?? "", now);
  if (invitation?.way !== "token") return apologize(c, notGood);
  const given = await acceptForToken(openDb(c.env.DB), invitation, now);
  if (given === undefined) return apologize(c, notGood);
  await noteAcceptance(c, invitation, now);
  return tokenPage(c, { ...given, name: invitation.email, lasts: true });
}

/** Nobody who has a token accepts it, so the entry says who was invited. */
export const noteAcceptance = (
  c: Context<AppEnv>,
  { id, email, role }: AdministratorInvitationRow,
  now: number,
): Promise<void> =>
  insertAudit(openDb(c.env.DB), {
    tokenId: `invitation:${id}`,
    tokenName: email,
    role,
    method: c.req.method,
    route: invitationPath,
    target: `administrator-invitations/${id}`,
    status: 200,
    requestId: trace(c).requestId,
    ip: c.req.header("CF-Connecting-IP") ?? null,
    at: now,
  });

/** Shows a token, once. */
export async function tokenPage(
  c: Context<AppEnv>,
  { token, expiresAt, name, lasts }: { token: string; expiresAt: number; name: string; lasts: boolean },
): Promise<Response> {
  const { words, language } = await speakTo(c);
  const { organization } = await loadSettings(c.env, Date.now());
  const own = words.token;
  const until = momentIn(words.locale, new Date(expiresAt));
  const content = html`<main><p class="who">${organization}</p><h1>${own.title}</h1>
<p>${own.actsFor(name, until)} ${own.once}</p>
<p><label for="token">${own.label}</label>
<input id="token" readonly value="${token}" autocomplete="off" spellcheck="false"></p>
<p class="quiet">${own.use} <code>Authorization: Bearer …</code>${lasts ? "" : html`. ${own.end} <code>DELETE /api/v1/session</code>`}</p></main>`;
  return personPage(c, own.title, content, { language });
}

const momentIn = (locale: string, at: Date): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(at)} (UTC)`;

const notGood: SignInRefusal = {
  reason: "administrator-invitation-unknown",
  detail: "no open invitation has this code, or administrators sign in another way since",
};

const largestForm = 4 * 1024;
