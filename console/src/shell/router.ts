// Addresses of the console: which page, with what in its address. History paths below /console.
import { computed, signal } from "@preact/signals";

const base = "/console";

/** Where the person is: the path below /console, and what follows `?`. */
export const place = signal(here());

function here(): { path: string; search: string } {
  const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : "";
  return { path: path === "" ? "/" : path.replace(/(.)\/$/, "$1"), search: location.search };
}

export const query = computed(() => new URLSearchParams(place.value.search));

/** The address of a page: `hrefOf("/devices", { state: "enrolled" })`. */
export function hrefOf(path: string, parameters: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = new URLSearchParams(given).toString();
  return `${base}${path}${search === "" ? "" : `?${search}`}`;
}

type Guard = () => Promise<boolean>;
const guards = new Set<Guard>();

/** Asked before the person leaves; false: stay. Returns what takes the guard away. */
export function guardLeaving(guard: Guard): () => void {
  guards.add(guard);
  return () => guards.delete(guard);
}

async function mayLeave(): Promise<boolean> {
  for (const guard of guards) if (!(await guard())) return false;
  return true;
}

/** To `/devices/…`, a path below /console with what follows `?`. */
export async function go(path: string, { replace = false } = {}): Promise<void> {
  if (!(await mayLeave())) return;
  if (!replace) scrolled.set(at, scrollY);
  history[replace ? "replaceState" : "pushState"]({ at: replace ? at : ++at }, "", base + path);
  arrive();
}

/** Changes what follows `?` on this page, without leaving it. Empty and undefined take a parameter away. */
export function setQuery(parameters: Readonly<Record<string, string | undefined>>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(parameters))
    if (value) next.set(name, value);
    else next.delete(name);
  const search = next.toString();
  history.replaceState(history.state, "", location.pathname + (search === "" ? "" : `?${search}`));
  place.value = here();
}

/** The number of this entry of the history, so that a refused step back can be undone. */
let at = 0;
let returning = false;

function arrive(): void {
  const before = place.peek().path;
  place.value = here();
  if (place.peek().path !== before) scrollTo(0, 0);
}

async function onStep(event: PopStateEvent): Promise<void> {
  if (returning) {
    returning = false;
    return;
  }
  const to = (event.state as { at?: number } | null)?.at ?? 0;
  if (guards.size > 0 && here().path !== place.peek().path) {
    const back = at - to;
    returning = true;
    history.go(back);
    if (!(await mayLeave())) return;
    guards.clear();
    history.go(-back);
    return;
  }
  scrolled.set(at, scrollY);
  at = to;
  arrive();
  scrollAsBefore(scrolled.get(to) ?? 0);
}

/** How far down each entry of the history was read. */
const scrolled = new Map<number, number>();

/** Once the page is long enough for it. Who scrolls or types meanwhile is not moved. */
function scrollAsBefore(top: number): void {
  if (top === 0) return;
  const until = performance.now() + 2_000;
  const stop = new AbortController();
  for (const name of ["wheel", "touchstart", "keydown", "pointerdown"])
    addEventListener(name, () => stop.abort(), { signal: stop.signal, passive: true });
  const attempt = (): void => {
    if (stop.signal.aborted) return;
    const isLong = document.documentElement.scrollHeight >= top + innerHeight;
    if (isLong) scrollTo(0, top);
    if (isLong || performance.now() > until) stop.abort();
    else requestAnimationFrame(attempt);
  };
  attempt();
}

/** Plain links work: those to the console do not load it again. */
function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download")) return;
  if (link.origin !== location.origin || !`${link.pathname}/`.startsWith(`${base}/`)) return;
  if (link.hash !== "" && link.pathname === location.pathname) return;
  event.preventDefault();
  void go(link.pathname.slice(base.length) + link.search);
}

export function beginRouting(): void {
  history.scrollRestoration = "manual";
  history.replaceState({ at }, "");
  addEventListener("popstate", (event) => void onStep(event));
  document.addEventListener("click", onClick);
  addEventListener("beforeunload", (event) => {
    if (guards.size > 0) event.preventDefault();
  });
}
