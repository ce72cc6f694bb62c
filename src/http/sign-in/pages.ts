import type { Context } from "hono";
import { html } from "hono/html";
import { loadSettings } from "../../admin/settings.ts";
import type { Language } from "../../base/languages.ts";
import { log } from "../../base/log.ts";
import type { SignInReason, SignInRefusal } from "../../sign-in/refusal.ts";
import type { AppEnv } from "../app-env.ts";
import { enrollStyle } from "../device/enroll-page.ts";
import { page } from "../page.ts";
import { trace } from "../trace.ts";

/** The pages of a sign-in. Everything works without JavaScript. */
export function codePage({
  organization,
  state,
  wrong,
}: {
  organization: string;
  state: string;
  wrong: boolean;
}) {
  return html`<main>
<p class="who">${organization}</p>
<h1>Sign in with your invitation</h1>
<p>Enter the code that ${organization} gave you. It stands at the end of the invitation’s link, after <code>code=</code>.</p>
${wrong ? html`<p class="warning" role="alert"><strong>That code is not good.</strong> It may be mistyped, used, expired or withdrawn. Ask for a new one if it is not a typing error.</p>` : ""}
<form method="post" action="/sign-in/code">
<input type="hidden" name="state" value="${state}">
<p><label for="code">Code</label>
<input id="code" name="code" required maxlength="100" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false"></p>
<p class="action"><button class="button">Continue</button></p>
</form>
</main>`;
}

type Words = { title: string; why: string; next: string; status: 400 | 403 | 502 | 503 };

const ask = "Tell the people who look after your devices.";
const misconfigured = (why: string): Words => ({
  title: "Signing in does not work yet",
  why,
  next: ask,
  status: 502,
});

const words: Record<SignInReason, Words> = {
  cancelled: {
    title: "You did not sign in",
    why: "The sign-in was cancelled, or your organization does not let you use it for this.",
    next: "Try again, or ask the people who look after your devices.",
    status: 403,
  },
  "provider-refused": misconfigured(
    "Your organization’s sign-in service refused the request of this server.",
  ),
  "provider-unreachable": {
    title: "The sign-in service does not answer",
    why: "Your organization’s sign-in service cannot be reached just now. Nothing is lost.",
    next: "Try again in a minute.",
    status: 503,
  },
  "provider-misbehaves": misconfigured(
    "Your organization’s sign-in service gave an answer that makes no sense here.",
  ),
  "client-not-accepted": misconfigured(
    "Your organization’s sign-in service does not know this server, or not its password.",
  ),
  "state-unknown": {
    title: "This sign-in is over",
    why: "It was begun too long ago, or part of the address is missing.",
    next: "Begin again where you started.",
    status: 400,
  },
  "other-browser": {
    title: "This sign-in began somewhere else",
    why: "It was begun in another browser or on another device, or this browser keeps no cookies.",
    next: "Begin again, stay in one window, and allow cookies.",
    status: 400,
  },
  "code-spent": {
    title: "This sign-in was used already",
    why: "The page was opened twice, or it took too long.",
    next: "Try again.",
    status: 400,
  },
  "token-invalid": {
    title: "You could not be signed in",
    why: "What the sign-in service says of you cannot be verified.",
    next: `Try again. If that does not help: ${ask.toLowerCase()}`,
    status: 403,
  },
  "clock-differs": misconfigured("The clocks of this server and of the sign-in service differ."),
  "no-account": {
    title: "Your account is not complete",
    why: "The sign-in service does not tell under which address your organization knows you.",
    next: ask,
    status: 403,
  },
  "domain-not-allowed": {
    title: "This account is not for this organization",
    why: "You signed in with an account that is not among those taken here.",
    next: "Try again with the account of your work or school.",
    status: 403,
  },
  "email-not-verified": {
    title: "Your address is not verified",
    why: "The sign-in service does not know yet whether your address is yours.",
    next: "Verify it there, then try again.",
    status: 403,
  },
  "access-missing": misconfigured(
    "This page must be opened through your organization’s sign-in, and was not.",
  ),
  "invitation-unknown": {
    title: "That code is not good",
    why: "It may be mistyped, used, expired or withdrawn.",
    next: "Ask for a new one if it is not a typing error.",
    status: 403,
  },
  "administrators-not-set": {
    title: "Administrators do not sign in here",
    why: "No sign-in service is set for administrators. They use API tokens.",
    next: "Ask an administrator for a token, or to set PUT /api/v1/sign-in/administrators.",
    status: 403,
  },
  "not-an-administrator": {
    title: "You are not an administrator here",
    why: "You are signed in, but no rule of this server gives you a role.",
    next: "Ask an administrator to add you or your group to the rules.",
    status: 403,
  },
  "administrator-invitation-unknown": {
    title: "This invitation is not good",
    why: "It was used, was withdrawn or is too old, or a part of the link is missing.",
    next: "Ask the person who invited you for a new one.",
    status: 403,
  },
  "administrator-invitation-of-another": {
    title: "This invitation is for another address",
    why: "You are signed in with an address that was not invited, or that is not verified.",
    next: "Sign in with the address that the invitation was sent to.",
    status: 403,
  },
  "program-not-accepted": {
    title: "This sign-in cannot begin",
    why: "The program that opened this page asks for something that is not allowed here.",
    next: "Update the program, or tell its authors the reason in the log.",
    status: 400,
  },
  "invitation-without-account": {
    title: "This invitation is for nobody in particular",
    why: "It names no account, and this needs one.",
    next: "Ask for an invitation that is made out to you.",
    status: 403,
  },
};

/** Where it may be another account's turn: the provider is asked to let the person choose. */
const wrongAccount: readonly SignInReason[] = [
  "domain-not-allowed",
  "no-account",
  "cancelled",
  "email-not-verified",
  "not-an-administrator",
  "administrator-invitation-of-another",
];

/** Why is for the log; the person reads what to do. `state`: a sign-in that can be begun again. */
export async function apologize(
  c: Context<AppEnv>,
  { reason, detail }: SignInRefusal,
  state?: string,
): Promise<Response> {
  const { requestId } = trace(c);
  log({ event: "sign_in.refused", reason, detail, request_id: requestId });
  const { title, why, next, status } = words[reason];
  const { organization } = await loadSettings(c.env, Date.now());
  const other = wrongAccount.includes(reason) ? "&other=1" : "";
  c.status(status);
  if (status === 503) c.header("Retry-After", "60");
  const content = html`<main><p class="who">${organization}</p><h1>${title}</h1><p>${why}</p><p>${next}</p>
${state ? html`<p class="action"><a class="button" href="/sign-in/again?state=${state}${other}" rel="nofollow">Try again</a></p>` : ""}
<p class="quiet">The person who helps you can find this in the log: <code>${reason}</code>, <code>${requestId}</code></p></main>`;
  return personPage(c, title, content);
}

export function personPage(
  c: Context<AppEnv>,
  title: string,
  content: ReturnType<typeof codePage>,
  more: { forms?: string; language?: Language } = {},
): Response | Promise<Response> {
  c.header("Cache-Control", "no-store");
  return page(c, title, enrollStyle + formStyle, content, more);
}

const formStyle = `
label { font-weight: 600; display: block; margin-bottom: .3rem }
input { box-sizing: border-box; width: 100%; font: inherit; padding: .7rem .8rem; border: 1px solid var(--quiet); border-radius: .6rem; background: light-dark(#fff, #202024); color: inherit }
input:focus-visible, button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
button.button { width: 100%; border: 0; font: inherit; font-weight: 600; cursor: pointer }
button.plain { background: none; color: var(--link); border: 1px solid var(--line) }
dl { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0 } dt { margin-top: .6rem } }
dt { color: var(--quiet) }
dd { margin: 0; overflow-wrap: anywhere }
`;
