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
import type { SignInWords } from "./words/sign-in-words.ts";
import { type Spoken, spokenTo } from "./words/spoken.ts";

/** The pages of a sign-in, in the language of the browser. Everything works without JavaScript. */
export function codePage(
  { code: words }: SignInWords,
  { organization, state, wrong }: { organization: string; state: string; wrong: boolean },
) {
  return html`<main>
<p class="who">${organization}</p>
<h1>${words.heading}</h1>
<p>${words.ask(organization)}</p>
${wrong ? html`<p class="warning" role="alert"><strong>${words.wrong}</strong> ${words.wrongHelp}</p>` : ""}
<form method="post" action="/sign-in/code">
<input type="hidden" name="state" value="${state}">
<p><label for="code">${words.label}</label>
<input id="code" name="code" required maxlength="100" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false"></p>
<p class="action"><button class="button">${words.next}</button></p>
</form>
</main>`;
}

/** The words for the one who reads the answer. */
export function speakTo(c: Context<AppEnv>): Promise<Spoken> {
  c.header("Vary", "Accept-Language");
  return spokenTo(c.req.header("Accept-Language"));
}

/** What a person reads of each stands in `words/`. */
const statuses: Record<SignInReason, 400 | 403 | 502 | 503> = {
  cancelled: 403,
  "provider-refused": 502,
  "provider-unreachable": 503,
  "provider-misbehaves": 502,
  "client-not-accepted": 502,
  "state-unknown": 400,
  "other-browser": 400,
  "code-spent": 400,
  "token-invalid": 403,
  "clock-differs": 502,
  "no-account": 403,
  "domain-not-allowed": 403,
  "email-not-verified": 403,
  "access-missing": 502,
  "invitation-unknown": 403,
  "administrators-not-set": 403,
  "not-an-administrator": 403,
  "administrator-invitation-unknown": 403,
  "administrator-invitation-of-another": 403,
  "program-not-accepted": 400,
  "invitation-without-account": 403,
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
  const { words, language } = await speakTo(c);
  const { title, why, next } = words.refusals[reason];
  const status = statuses[reason];
  const { organization } = await loadSettings(c.env, Date.now());
  const other = wrongAccount.includes(reason) ? "&other=1" : "";
  c.status(status);
  if (status === 503) c.header("Retry-After", "60");
  const content = html`<main><p class="who">${organization}</p><h1>${title}</h1><p>${why}</p><p>${next}</p>
${state ? html`<p class="action"><a class="button" href="/sign-in/again?state=${state}${other}" rel="nofollow">${words.again}</a></p>` : ""}
<p class="quiet">${words.inLog} <code>${reason}</code>, <code>${requestId}</code></p></main>`;
  return personPage(c, title, content, { language });
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
