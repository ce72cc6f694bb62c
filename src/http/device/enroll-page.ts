import { html } from "hono/html";
import { rightsInWords } from "../../profiles/rights-in-words.ts";
import { platformSteps } from "./enroll-steps.ts";

/** The pages that a person reads on the device to be enrolled. Everything works without JavaScript. */
export type Offer = {
  organization: string;
  host: string;
  profileUrl: string;
  accessRights: number | undefined;
  consent: string | undefined;
  /** When the link expires; null: it does not expire. */
  expiresAt: number | null;
  /** Whether the person can remove the profile; only supervised devices obey a profile that forbids it. */
  removable: boolean;
  /** The platform whose steps come first. */
  platform: string;
  warning: string | undefined;
};

export function offerPage(offer: Offer) {
  const { organization, host, profileUrl, consent, warning } = offer;
  const { sees, does } = rightsInWords(offer.accessRights);
  const ordered = [...platformSteps].sort(
    (a, b) => Number(b.platform === offer.platform) - Number(a.platform === offer.platform),
  );
  return html`<main>
<p class="who">${organization}</p>
<h1>Let ${organization} manage this device</h1>
${warning ? html`<p class="warning" role="alert"><strong>Not for use.</strong> ${warning}</p>` : ""}
<p>After you install a profile, ${organization} can set up and look after this device through <strong>${host}</strong>. This is what that means.</p>
<div class="rights">
${list(`${organization} can see`, sees)}
${list(`${organization} can`, does)}
</div>
<p class="quiet">Device management itself does not read your messages, photos or calls. What it installs is listed in the device’s settings at any time.${offer.removable ? " Removing the profile there ends it." : ""}</p>
${consent ? html`<section aria-labelledby="consent"><h2 id="consent">What you agree to</h2><p class="consent">${consent}</p></section>` : ""}
<p class="action"><a class="button" href="${profileUrl}" rel="nofollow">Download profile</a></p>
${offer.expiresAt === null ? "" : html`<p class="quiet">This link works until <time datetime="${new Date(offer.expiresAt).toISOString()}">${dayOf(offer.expiresAt)}</time>.</p>`}
<h2>After the download</h2>
${ordered.map(
  ({ title, steps }, index) =>
    html`<details ${index === 0 ? "open" : ""}><summary>${title}</summary><ol>${steps.map((step) => html`<li>${step}</li>`)}</ol></details>`,
)}
</main>`;
}

const list = (title: string, items: readonly string[]) =>
  items.length === 0
    ? ""
    : html`<section><h2>${title}</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></section>`;

const dayOf = (time: number): string =>
  `${new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(time)} UTC`;

export type EnrollProblem = "unknown" | "expired" | "used-up" | "revoked" | "no-code" | "not-ready" | "fault";

const apologies: Record<EnrollProblem, { title: string; why: string; next: string }> = {
  unknown: {
    title: "This link is not known",
    why: "Part of it may be missing.",
    next: "Open it again from the message you got, or scan the code again. If that does not help, ask for a new one.",
  },
  expired: {
    title: "This link has expired",
    why: "It was good for some time only.",
    next: "Ask the person who sent it for a new one.",
  },
  "used-up": {
    title: "This link has been used",
    why: "It was good for a number of devices, and they have enrolled.",
    next: "If you just downloaded the profile, go on in Settings. Otherwise ask the person who sent the link for a new one.",
  },
  revoked: {
    title: "This link was withdrawn",
    why: "The person who made it has taken it back.",
    next: "Ask for a new one if you still need it.",
  },
  "no-code": {
    title: "You need an invitation",
    why: "Devices join by a link or a QR code that their organization gives out.",
    next: "Ask the people who look after your devices for one.",
  },
  "not-ready": {
    title: "This server cannot enroll devices yet",
    why: "Something is still missing in its settings. Your link stays good.",
    next: "Tell the people who sent you the link, and try again later.",
  },
  fault: {
    title: "That did not work",
    why: "Something failed on the server. Your link stays good.",
    next: "Try again in a minute.",
  },
};

export const enrollProblemTitle = (apology: EnrollProblem): string => apologies[apology].title;

export function enrollProblemPage(apology: EnrollProblem, organization: string | undefined) {
  const { title, why, next } = apologies[apology];
  return html`<main>${organization ? html`<p class="who">${organization}</p>` : ""}<h1>${title}</h1><p>${why}</p><p>${next}</p></main>`;
}

export const enrollStyle = `
body { max-width: 40rem; line-height: 1.55 }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .2rem 0 1rem; text-wrap: balance; overflow-wrap: anywhere }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem }
.who { color: var(--quiet); margin: 0; font-weight: 600; overflow-wrap: anywhere }
.quiet { color: var(--quiet); font-size: .92rem }
.rights { display: grid; gap: 0 1.5rem; background: var(--soft); border: 1px solid var(--line); border-radius: .8rem; padding: 0 1.1rem .9rem }
.rights h2 { margin-top: 1rem }
@media (min-width: 36rem) { .rights { grid-template-columns: 1fr 1fr } }
ul, ol { margin: .3rem 0; padding-left: 1.2rem }
li { margin: .35rem 0 }
.consent { white-space: pre-line; border-left: .2rem solid var(--line); padding-left: .9rem }
.warning { background: light-dark(#fff3cd, #4a3a00); color: light-dark(#4a3a00, #ffe9a8); border-radius: .6rem; padding: .7rem 1rem }
.action { margin: 1.6rem 0 .6rem }
.button { display: block; text-align: center; font-weight: 600; font-size: 1.1rem; text-decoration: none; background: light-dark(#0a58ca, #79b0ff); color: light-dark(#fff, #0d1b2e); border-radius: .7rem; padding: .85rem 1rem }
.button:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 3px }
details { border-top: 1px solid var(--line); padding: .2rem 0 }
details:last-child { border-bottom: 1px solid var(--line) }
summary { cursor: pointer; font-weight: 600; padding: .6rem 0; min-height: 1.5rem }
`;
