import { html } from "hono/html";
import { allRights } from "../../profiles/mdm-payload.ts";
import { wordsOfEnrollment } from "../device/enroll-words/language.ts";
import { rightsInWords } from "../device/enroll-words/rights.ts";
import type { Spoken } from "./words/spoken.ts";

/** What an organization can and cannot see and do: read before a device is enrolled, and at any time after. */
export type EnrolledAs = { kind: "user" } | { kind: "organization"; accessRights: number | undefined };

export function privacyLists(organization: string, as: EnrolledAs, { words, language }: Spoken) {
  const isOwn = as.kind === "user";
  const enrolled = wordsOfEnrollment[language];
  const { sees, does } = rightsInWords(enrolled, isOwn ? undefined : (as.accessRights ?? allRights));
  const { kept } = words;
  return html`<div class="rights">
${list(enrolled.sees(organization), sees)}
${list(enrolled.does(organization), does)}
${isOwn ? list(kept.sees(organization), kept.seen) : ""}
${isOwn ? list(kept.does(organization), kept.done) : ""}
</div>
${isOwn ? "" : html`<p class="quiet">${kept.management}</p>`}`;
}

const list = (title: string, items: readonly string[]) =>
  html`<section><h2>${title}</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></section>`;

/** Between what a person typed in Settings and the sign-in. */
export function beforeSignIn(organization: string, as: EnrolledAs, next: string, spoken: Spoken) {
  const { before } = spoken.words;
  const isOwn = as.kind === "user";
  return html`<main>
<p class="who">${organization}</p>
<h1>${isOwn ? before.own(organization) : before.managed(organization)}</h1>
<p>${isOwn ? before.ownHelp : before.managedHelp(organization)}</p>
${privacyLists(organization, as, spoken)}
<p class="action"><a class="button" href="${next}" rel="nofollow">${before.next}</a></p>
<p class="quiet">${before.stop}</p>
</main>`;
}
