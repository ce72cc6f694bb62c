import { fromBase64Url } from "../acme/base64url.ts";
import { fromUtf8, sha256, toBase64Url, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { hour } from "../base/time.ts";
import { open, type SealKeys, seal, trusted } from "../pki/seal.ts";
import type { SignInRefusal } from "./refusal.ts";

/**
 * A sign-in on its way: what this server must know again when the person comes back from the provider. It travels sealed
 * in the URL, as `state`, so nothing is stored for strangers.
 *
 * A cookie with a random value ties it to the browser that began: a link that somebody else began signs nobody in. Where
 * cookies may be lost, the purpose must be one in which that does no harm.
 */
export type Flow = {
  /** What the sign-in is for: who is told of the person. */
  purpose: string;
  /** What that one must know again. */
  resume: string;
  /** PKCE (RFC 7636): proves to the provider that the one who brings the code began. */
  verifier: string;
  nonce: string;
  /** SHA-256 of the browser's cookie; null: it is not tied to a browser. */
  browser: string | null;
  endsAt: number;
};

const lifetimeMs = hour;
export const longestResume = 1_500;
const longestState = 4_000;

const context = { what: "sign-in-state", whose: [] };

const random = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
export const hashOf = async (text: string): Promise<string> => toBase64Url(await sha256(utf8(text)));

export async function newFlow(
  { purpose, resume }: Pick<Flow, "purpose" | "resume">,
  cookie: string | undefined,
  now: number,
): Promise<Flow> {
  if (resume.length > longestResume)
    throw new Error(`a sign-in resumes with ${longestResume} characters at most`);
  const endsAt = now + lifetimeMs;
  const browser = cookie === undefined ? null : await hashOf(cookie);
  return { purpose, resume, verifier: random(), nonce: random(), browser, endsAt };
}

/** The value of the cookie: one a browser, so that two sign-ins at once do not disturb each other. */
export const browserSecret = (cookie: string | undefined): string =>
  cookie !== undefined && /^[\w-]{43}$/.test(cookie) ? cookie : random();

/** Under whatever key there is: nothing that is kept depends on it. */
export const sealFlow = async (keys: SealKeys, flow: Flow): Promise<string> =>
  toBase64Url(await seal(trusted(keys), context, utf8(JSON.stringify(flow))));

export async function openFlow(
  keys: SealKeys,
  state: string | undefined,
  cookie: string | undefined,
  now: number,
): Promise<Result<Flow, SignInRefusal>> {
  const unknown = (detail: string) => refuse<SignInRefusal>({ reason: "state-unknown", detail });
  const sealed = state !== undefined && state.length <= longestState ? fromBase64Url(state) : undefined;
  const opened = sealed && (await open(keys, context, sealed));
  if (!opened?.ok) return unknown("the state is none of ours");
  const flow = JSON.parse(fromUtf8(opened.value)) as Flow;
  if (flow.endsAt <= now) return unknown("the sign-in was begun more than an hour ago");
  if (flow.browser !== null && (cookie === undefined || (await hashOf(cookie)) !== flow.browser))
    return refuse({ reason: "other-browser", detail: cookie ? "another cookie" : "there is no cookie" });
  return ok(flow);
}
