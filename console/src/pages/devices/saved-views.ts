// Views that a person has saved: a name, and the address that shows it again. They are kept in this browser. The API has no
// place for what one person prefers, and whoever is let in by a token is no person that it knows; a link is how a view is
// shared, because all of a view is in its address.
import { signal } from "@preact/signals";

export type SavedView = { name: string; search: string };

const place = "edgemdm-device-views";
const most = 50;

export const savedViews = signal<readonly SavedView[]>(read());

function read(): readonly SavedView[] {
  const kept = parsed(localStorage.getItem(place));
  return Array.isArray(kept) ? kept.filter(isView).slice(0, most) : [];
}

/** What else was written there is no view. */
function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
}

function isView(value: unknown): value is SavedView {
  const { name, search } = (value ?? {}) as Partial<SavedView>;
  return typeof name === "string" && typeof search === "string";
}

function keep(views: readonly SavedView[]): void {
  savedViews.value = views;
  localStorage.setItem(place, JSON.stringify(views));
}

/** A view of the same name is replaced. */
export const saveView = (view: SavedView): void =>
  keep([...savedViews.peek().filter(({ name }) => name !== view.name), view].slice(-most));

export const deleteView = (name: string): void =>
  keep(savedViews.peek().filter((view) => view.name !== name));
