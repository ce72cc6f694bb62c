import { html } from "hono/html";
import { allRights } from "../../profiles/mdm-payload.ts";
import { keptPrivate, rightsInWords } from "../../profiles/rights-in-words.ts";

/** What an organization can and cannot see and do: read before a device is enrolled, and at any time after. */
export type EnrolledAs = { kind: "user" } | { kind: "organization"; accessRights: number | undefined };

export function privacyLists(organization: string, as: EnrolledAs) {
  const isOwn = as.kind === "user";
  const { sees, does } = rightsInWords(isOwn ? undefined : (as.accessRights ?? allRights));
  return html`<div class="rights">
${list(`${organization} can see`, sees)}
${list(`${organization} can`, does)}
${isOwn ? list(`${organization} cannot see`, keptPrivate.sees) : ""}
${isOwn ? list(`${organization} cannot`, keptPrivate.does) : ""}
</div>
${isOwn ? "" : html`<p class="quiet">Device management itself does not read your messages, photos or calls.</p>`}`;
}

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
