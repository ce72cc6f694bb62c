import { appleRoots } from "../apns/apple-root.ts";
import type { AskRefusal } from "../apns/http1/ask.ts";
import { askServer } from "../apns/http1/client.ts";
import { type Bytes, toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";

export type GdmfRefusal = AskRefusal | { reason: "status"; detail: string };

/** Asks Apple's service, or a stand-in with roots of its own, once. Apple wants at most one question a day. */
export async function fetchList(
  { url: address, roots }: { url: string; roots: string },
  now: number,
): Promise<Result<Bytes, GdmfRefusal>> {
  const url = new URL(address);
  // Edges keep copies of an hour; one that nobody asked for before is fresh.
  url.searchParams.set("fresh", toHex(crypto.getRandomValues(new Uint8Array(8))));
  const answer = await askServer({ url, accept: "application/json", roots: appleRoots(roots), now });
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  return status === 200 ? ok(body) : refuse({ reason: "status", detail: `it answered ${status}` });
}
