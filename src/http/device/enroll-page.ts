import { html, raw } from "hono/html";
import { contactLine, type Look, letterhead } from "../organization-look.ts";
import { qrSvg } from "../qr-code.ts";
import type { Machine, StepsFor } from "./enroll-steps.ts";
import type { Language } from "./enroll-words/language.ts";
import { rightsInWords } from "./enroll-words/rights.ts";
import type { EnrollProblem, Words } from "./enroll-words/words.ts";

/** The pages that a person reads on the device to be enrolled. Everything works without JavaScript. */
export type Offer = {
  look: Look;
  host: string;
  /** The address of this page, to be carried to a phone. */
  link: string;
  profileUrl: string;
  accessRights: number | undefined;
  consent: Consent | undefined;
  /** When the link expires; null: it does not expire. */
  expiresAt: number | null;
  /** Whether the person can remove the profile; only supervised devices obey a profile that forbids it. */
  removable: boolean;
  machine: Machine;
  /** Whether the profile is only for trying things out. */
  isPlaceholder: boolean;
};

/** What the organization wants people to agree to. `language` is absent where nobody knows it. */
export type Consent = { text: string; language?: string };

/** A text by language, in the person's, else in English, else whatever there is. */
export function consentIn(
  texts: Readonly<Record<string, string>> | undefined,
  code: string,
): Consent | undefined {
  for (const language of [code, "en"]) {
    const text = texts?.[language];
    if (text !== undefined) return { text, language };
  }
  return texts?.default === undefined ? undefined : { text: texts.default };
}

export function offerPage(offer: Offer, { words }: Language) {
  const { look, host, machine, consent } = offer;
  const { organization } = look;
  const { sees, does } = rightsInWords(words, offer.accessRights);
  const isElsewhere = machine === "other";
  return html`<main>
${letterhead(look)}
<h1>${isElsewhere ? words.title(organization) : words.heading(organization)}</h1>
${offer.isPlaceholder ? html`<p class="warning" role="alert"><strong>${words.notForUse}</strong> ${words.placeholder}</p>` : ""}
<p>${words.intro(organization, host)}</p>
${isElsewhere ? scan(words.elsewhere, offer, words) : ""}
<p class="action"><a class="${isElsewhere ? "button plain" : "button"}" href="${offer.profileUrl}" rel="nofollow">${words.button}</a></p>
${offer.expiresAt === null ? "" : html`<p class="quiet">${raw(untilSentence(words, offer.expiresAt))}</p>`}
${machine === "mac" ? scan(words.scan, offer, words) : ""}
<div class="rights">
${list(words.sees(organization), sees)}
${list(words.does(organization), does)}
</div>
<p class="quiet">${words.privacy}${offer.removable ? ` ${words.removable}` : ""}</p>
${consent ? html`<section aria-labelledby="consent"><h2 id="consent">${words.consent}</h2><p class="consent"${consent.language ? raw(` lang="${consent.language}"`) : ""}>${consent.text}</p></section>` : ""}
<h2>${words.after}</h2>
${stepsInOrder(machine).map((one, index) => stepsOf(words, one, index === 0))}
${contactLine(words.contact, look)}
</main>`;
}

const scan = (says: string, { link, machine }: Offer, words: Words) =>
  html`<section class="scan ${machine}"><div class="code" role="img" aria-label="${words.qr}">${raw(qrSvg(link))}</div><p>${says}</p></section>`;

function stepsInOrder(machine: Machine): StepsFor[] {
  const first = machine === "other" ? "iphone" : machine;
  const all: StepsFor[] = ["iphone", "mac", "tv"];
  return [first, ...all.filter((one) => one !== first)];
}

function stepsOf(words: Words, machine: StepsFor, isOpen: boolean) {
  const { title, steps } = words.steps[machine];
  return html`<details ${isOpen ? "open" : ""}><summary>${title}</summary><ol>${steps.map((step) => html`<li>${step}</li>`)}</ol></details>`;
}

const list = (title: string, items: readonly string[]) =>
  items.length === 0
    ? ""
    : html`<section><h2>${title}</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></section>`;

/** Made of our own words and numbers only. */
const untilSentence = (words: Words, time: number): string =>
  words.until(`<time datetime="${new Date(time).toISOString()}">${timeIn(words, time)}</time>`);

const timeIn = ({ locale }: Words, time: number): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(time)} UTC`;

export function enrollProblemPage(problem: EnrollProblem, { words }: Language, look: Look | undefined) {
  const { title, why, next } = words.problems[problem];
  return html`<main>${look ? letterhead(look) : ""}<h1>${title}</h1><p>${why}</p><p>${next}</p>
${look ? contactLine(words.contact, look) : ""}</main>`;
}

export const enrollStyle = `
:root { --accent: light-dark(#0a58ca, #79b0ff); --on-accent: light-dark(#fff, #0d1b2e) }
body { max-width: 40rem; line-height: 1.55 }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .2rem 0 1rem; text-wrap: balance; overflow-wrap: anywhere }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem }
.who { color: var(--quiet); margin: 0 0 .6rem; font-weight: 600; overflow-wrap: anywhere; display: flex; align-items: center; gap: .7rem }
.who img { height: 2.5rem; width: auto; max-width: 50%; object-fit: contain; background: #fff; border-radius: .4rem }
.quiet { color: var(--quiet); font-size: .92rem }
.rights { display: grid; gap: 0 1.5rem; background: var(--soft); border: 1px solid var(--line); border-radius: .8rem; padding: 0 1.1rem .9rem; margin-top: 1.6rem }
.rights h2 { margin-top: 1rem }
@media (min-width: 36rem) { .rights { grid-template-columns: 1fr 1fr } }
ul, ol { margin: .3rem 0; padding-left: 1.2rem }
li { margin: .35rem 0 }
.consent { white-space: pre-line; border-left: .2rem solid var(--line); padding-left: .9rem; overflow-wrap: anywhere }
.warning { background: light-dark(#fff3cd, #4a3a00); color: light-dark(#4a3a00, #ffe9a8); border-radius: .6rem; padding: .7rem 1rem }
.action { margin: 1.2rem 0 .6rem }
.button { display: block; text-align: center; font-weight: 600; font-size: 1.1rem; text-decoration: none; background: var(--accent); color: var(--on-accent); border: 1px solid light-dark(#0002, #fff3); border-radius: .7rem; padding: .85rem 1rem }
.button.plain { background: none; color: var(--link); border-color: var(--line) }
.button:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 3px }
.scan { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem 1.4rem; margin: 1.4rem 0 }
.scan p { flex: 1 1 14rem; margin: 0 }
.code { flex: 0 0 auto; width: 11rem; background: #fff; border: 1px solid var(--line); border-radius: .6rem; overflow: hidden }
.code svg { display: block; width: 100%; height: auto }
@media (hover: none) and (pointer: coarse) { .scan.mac { display: none } }
details { border-top: 1px solid var(--line); padding: .2rem 0 }
details:last-of-type { border-bottom: 1px solid var(--line) }
summary { cursor: pointer; font-weight: 600; padding: .6rem 0; min-height: 1.5rem }
.contact { margin: 2rem 0; color: var(--quiet); overflow-wrap: anywhere }
`;
