// The one place that speaks to the server: the project's own client (`client/`), with the session of this console.
import type { Operations } from "../../../client/api.d.ts";
import { Client, type Order } from "../../../client/src/client.ts";
import { language } from "../words/language.ts";
import { currentToken, session, sessionEnded, signedInAgain } from "./session.ts";

const longestWaitMs = 30_000;

/** A token that ended does not fail the request: it waits until the person has signed in again, however long that takes. */
async function send(request: Request, wait: (signal: AbortSignal) => Promise<void>): Promise<Response> {
  for (;;) {
    const used = currentToken();
    const answer = await once(request.clone(), used);
    if (answer.status !== 401 || session.peek() === undefined) return answer;
    await answer.body?.cancel();
    if (currentToken() !== used && !sessionEnded.peek()) continue;
    await wait(request.signal);
  }
}

function once(request: Request, token: string | undefined): Promise<Response> {
  const headers = new Headers(request.headers);
  if (token === undefined) headers.delete("Authorization");
  else headers.set("Authorization", `Bearer ${token}`);
  // No page of another site can set it: the server asks for it where Cloudflare Access lets people in.
  headers.set("X-Edgemdm-Request", "console");
  headers.set("Accept-Language", language.peek());
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(longestWaitMs)]);
  return fetch(new Request(request, { headers, signal, cache: "no-store" }));
}

export const api = new Client({
  origin: location.origin,
  token: "of-the-session",
  tries: 3,
  timeoutMs: 2 ** 31 - 1,
  fetch: (request) => send(request, signedInAgain),
});

/** For the log-in itself: with this token, and a refusal is an answer. */
export const apiWith = (token: string | undefined): Client =>
  new Client({
    origin: location.origin,
    token: "given",
    tries: 1,
    timeoutMs: longestWaitMs,
    fetch: (request) => once(request, token),
  });

type Gets = Operations["get"];
type Answer<Path extends keyof Gets> = Gets[Path] extends { answer: infer Value } ? Value : never;

/** What was read, and its entity tag: send it as `If-Match` so that nobody's edit is overwritten unseen. */
export type Tagged<Value> = { value: Value; tag: string | undefined };

export async function readTagged<Path extends keyof Gets & string>(
  path: Path,
  order: Order<Path, Gets[Path]>,
): Promise<Tagged<Answer<Path>>> {
  const answer = await api.raw("GET", path, order as Parameters<typeof api.raw>[2]);
  return { value: (await answer.json()) as Answer<Path>, tag: answer.headers.get("ETag") ?? undefined };
}

/** The headers of a change to what was read: `api.put(path, { path, body, ...unlessChanged(read.tag) })`. */
export const unlessChanged = (tag: string | undefined): { headers: Record<string, string> } => ({
  headers: tag === undefined ? {} : { "If-Match": tag },
});
