import { html } from "hono/html";
import type { Offer } from "../../assignment/offers.ts";
import { hour, minute } from "../../base/time.ts";
import { contactLine, type Look, letterhead } from "../organization-look.ts";
import type { ShelfWords } from "./words/shelf-words.ts";

/** The self-service page of one device. Everything works without JavaScript. */
export type Shelf = {
  look: Look;
  /** How the device is called; undefined: nobody knows. */
  device: string | undefined;
  offers: readonly Offer[];
  /** The address of this page, without the server's. */
  path: string;
};

export function shelfPage({ look, device, offers, path }: Shelf, words: ShelfWords, now: number) {
  const isBusy = offers.some(isUnderWay);
  return html`<main>
${letterhead(look)}
<h1>${words.heading}</h1>
<p>${words.intro(look.organization, device ?? words.thisDevice)}</p>
${isBusy ? html`<p class="quiet" role="status">${words.reloads} <a href="${path}">${words.again}</a></p>` : ""}
${
  offers.length === 0
    ? html`<p class="empty">${words.empty}</p>`
    : html`<ul class="offers">${offers.map((offer) => item(offer, path, words, now))}</ul>`
}
${contactLine(words.contact, look)}
</main>`;
}

/** A page renews itself while something is under way: often at first, and no more after an hour. */
export function secondsToRenewal(offers: readonly Offer[], now: number): number | undefined {
  const ages = offers.filter(isUnderWay).map(({ since }) => now - (since ?? now));
  const youngest = Math.min(...ages);
  if (youngest < 5 * minute) return 10;
  return youngest < hour ? 60 : undefined;
}

const isUnderWay = ({ state }: Offer): boolean =>
  ["installing", "removing", "waiting_for_licence", "waiting_for_person"].includes(state);

function item(offer: Offer, path: string, words: ShelfWords, now: number) {
  const { kind, identifier, state, since } = offer;
  const name = offer.name ?? identifier;
  const id = anchorOf(offer);
  const said =
    state === "installing" || state === "removing"
      ? words.states[state](ago(words, since ?? now, now))
      : words.states[state];
  const help = state === "available" || state === "installed" ? undefined : words.help[state];
  return html`<li id="${id}" class="${state}">
${offer.iconUrl ? html`<img class="icon" src="${offer.iconUrl}" alt="" width="56" height="56">` : ""}
<div class="text"><h2>${name}</h2>
<p class="quiet">${words.kinds[kind]}</p>
<p class="state"><span class="dot" aria-hidden="true"></span>${said}</p>
${help === undefined ? "" : html`<p class="quiet">${help}</p>`}</div>
${button(offer, `${path}/${kind}/${encodeURIComponent(identifier)}`, name, words)}
</li>`;
}

function button({ chosen, state }: Offer, path: string, name: string, words: ShelfWords) {
  const isGoing = ["installing", "waiting_for_licence", "waiting_for_person"].includes(state);
  const says = chosen ? (isGoing ? words.cancel : words.remove) : words.install;
  return html`<form method="post" action="${path}/${chosen ? "remove" : "install"}">
<button class="${chosen ? "button plain" : "button"}" aria-label="${words.of(says, name)}">${says}</button></form>`;
}

export const anchorOf = ({ kind, identifier }: Pick<Offer, "kind" | "identifier">): string =>
  `${kind}-${encodeURIComponent(identifier)}`;

/** Without the time of day, which nobody knows where the device is. */
function ago({ locale }: ShelfWords, then: number, now: number): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const age = Math.max(0, now - then);
  if (age < minute) return format.format(0, "second");
  if (age < hour) return format.format(-Math.floor(age / minute), "minute");
  if (age < 48 * hour) return format.format(-Math.floor(age / hour), "hour");
  return format.format(-Math.floor(age / (24 * hour)), "day");
}

/** What to do, where there is no list to show. */
export const notePage = (
  { title, why, next }: { title: string; why: string; next: string },
  look: Look | undefined,
  words: ShelfWords,
  back?: string,
) => html`<main>${look ? letterhead(look) : ""}<h1>${title}</h1><p>${why}</p><p>${next}</p>
${back ? html`<p class="action"><a class="button" href="${back}">${words.back}</a></p>` : ""}
${look ? contactLine(words.contact, look) : ""}</main>`;

// Without quotes and angle brackets: they would be escaped.
export const shelfStyle = `
.offers { list-style: none; margin: 1.5rem 0; padding: 0; display: grid; gap: .8rem }
.offers li { margin: 0; display: flex; flex-wrap: wrap; gap: .8rem 1rem; align-items: center; background: var(--soft); border: 1px solid var(--line); border-radius: .8rem; padding: 1rem 1.1rem }
.offers .icon { border-radius: .8rem; flex: none; align-self: flex-start }
.offers .text { flex: 1 1 0; min-width: 9rem }
.offers h2 { margin: 0; font-size: 1.1rem; line-height: 1.3; overflow-wrap: anywhere }
.offers p { margin: .15rem 0 0 }
.offers form { flex: none; margin: 0 }
.offers .button { font: inherit; font-weight: 600; cursor: pointer; padding: .6rem 1.2rem; min-width: 8rem; min-height: 2.75rem }
.offers .dot { display: inline-block; width: .65em; height: .65em; border-radius: 50%; margin-right: .5em; border: 2px solid currentColor; box-sizing: border-box }
.installed .state { color: light-dark(#17692f, #79d492) }
.failed .state { color: light-dark(#a3201c, #ff9d97) }
.installed .dot, .failed .dot { background: currentColor }
.installing .dot, .removing .dot, .waiting_for_licence .dot, .waiting_for_person .dot { background: linear-gradient(90deg, currentColor 50%, transparent 50%) }
.offers li:target { outline: 2px solid var(--link); outline-offset: 2px }
.empty { background: var(--soft); border: 1px solid var(--line); border-radius: .8rem; padding: 1rem 1.1rem }
.contact { margin-top: 2rem; color: var(--quiet); overflow-wrap: anywhere }
@media (max-width: 30rem) { .offers form { flex: 1 1 100% } .offers .button { width: 100% } }
`;
