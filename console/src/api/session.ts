// Who is signed in, and how their requests are let in: by a token in the storage of this tab, or by Cloudflare Access in
// front of the server. A token is never put into a cookie or into an address.
import { signal } from "@preact/signals";
import type { Schemas } from "../../../client/api.d.ts";

export type Session = Schemas["Session"];

const place = "edgemdm-token";

/** Undefined: nobody is signed in. */
export const session = signal<Session | undefined>(undefined);

/** The token ended while the console was open: the log-in is shown above the page, which keeps what was typed. */
export const sessionEnded = signal(false);

let token = sessionStorage.getItem(place) ?? undefined;
let waiting: (() => void)[] = [];

export const currentToken = (): string | undefined => token;

export function begin(known: Session, by: string | undefined): void {
  token = by;
  if (by === undefined) sessionStorage.removeItem(place);
  else sessionStorage.setItem(place, by);
  session.value = known;
  sessionEnded.value = false;
  for (const go of waiting) go();
  waiting = [];
}

export function forget(): void {
  token = undefined;
  sessionStorage.removeItem(place);
  session.value = undefined;
  sessionEnded.value = false;
}

/** Resolves once somebody has signed in again. */
export function signedInAgain(signal: AbortSignal): Promise<void> {
  sessionEnded.value = true;
  return new Promise((done, stop) => {
    waiting.push(done);
    signal.addEventListener("abort", () => stop(signal.reason as Error), { once: true });
  });
}
