import { html } from "hono/html";
import { allRights } from "../../profiles/mdm-payload.ts";
import { english } from "../device/enroll-words/language.ts";
import { rightsInWords } from "../device/enroll-words/rights.ts";

/** What an organization can and cannot see and do: read before a device is enrolled, and at any time after. */
export type EnrolledAs = { kind: "user" } | { kind: "organization"; accessRights: number | undefined };

export function privacyLists(organization: string, as: EnrolledAs) {
  const isOwn = as.kind === "user";
  const { sees, does } = rightsInWords(english.words, isOwn ? undefined : (as.accessRights ?? allRights));
  return html`<div class="rights">
${list(`${organization} can see`, sees)}
${list(`${organization} can`, does)}
${isOwn ? list(`${organization} cannot see`, keptPrivate.sees) : ""}
${isOwn ? list(`${organization} cannot`, keptPrivate.does) : ""}
</div>
${isOwn ? "" : html`<p class="quiet">Device management itself does not read your messages, photos or calls.</p>`}`;
}

/** What a user enrollment keeps from the organization, whatever it asks for. */
const keptPrivate = {
  sees: [
    "your own apps, and which ones you have",
    "your mail, messages, photos, calendars, contacts and documents",
    "which web pages you open, and where the device is",
    "its serial number, phone number and other numbers that never change",
    "your passcode",
  ],
  does: [
    "erase the device or anything of yours",
    "remove your passcode",
    "change how the device works for you, beyond what is listed above",
    "keep you from ending it: remove the profile in Settings at any time, and all that belongs to work goes with it",
  ],
} as const;

const list = (title: string, items: readonly string[]) =>
  html`<section><h2>${title}</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></section>`;

/** Between what a person typed in Settings and the sign-in. */
export function beforeSignIn(organization: string, as: EnrolledAs, next: string) {
  const isOwn = as.kind === "user";
  return html`<main>
<p class="who">${organization}</p>
<h1>${isOwn ? `Use this device for ${organization}` : `Let ${organization} manage this device`}</h1>
<p>${
    isOwn
      ? html`The device stays yours. What belongs to work is kept apart from what is yours. This is what that means.`
      : html`The device is set up and looked after by ${organization}. This is what that means.`
  }</p>
${privacyLists(organization, as)}
<p class="action"><a class="button" href="${next}" rel="nofollow">Continue to sign in</a></p>
<p class="quiet">Nothing has happened yet. Close this page to stop.</p>
</main>`;
}
