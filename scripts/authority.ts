// The authority that issues the devices' identities. Its RSA key is made here, in Node: a Worker on the Free
// plan has not the processor time for it.
import type { Answer, RequestInput } from "./request.ts";
import { Trouble } from "./trouble.ts";

export type Call = (path: string, input: RequestInput) => Promise<Answer>;

/** Makes the authority of a Worker that has none. Says what it is, or nothing where there cannot be one yet. */
export async function ensureAuthority(call: Call): Promise<string | undefined> {
  const known = await call("/api/v1/authorities", {});
  if (known.status === 404) return undefined;
  if (known.status !== 200) throw new Trouble(`/api/v1/authorities answers ${known.status}: ${known.body}`);
  return undefined;
}
