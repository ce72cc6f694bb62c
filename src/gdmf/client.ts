import { openSocket } from "../apns/socket-client.ts";
import { type Bytes, toHex } from "../base/bytes.ts";
import { type Result, refuse } from "../base/result.ts";
import { gdmfRoots } from "./apple-root.ts";
import { askOver, type GdmfRefusal } from "./ask.ts";

/** Asks Apple's service, or a stand-in with roots of its own, once. Apple wants at most one question a day. */
const patienceMs = 30_000;

export async function fetchList(
  { url: address, roots }: { url: string; roots: string },
  now: number,
): Promise<Result<Bytes, GdmfRefusal>> {
  const url = new URL(address);
  // Edges keep copies of an hour; one that nobody asked for before is fresh.
  url.searchParams.set("fresh", toHex(crypto.getRandomValues(new Uint8Array(8))));
  const { stream, opened } = openSocket(url.hostname, Number(url.port || 443));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void stream.close();
  }, patienceMs);
  const late = (): { ok: false; refusal: GdmfRefusal } =>
    refuse({ reason: "timed-out", detail: `it did not answer in ${patienceMs / 1000} seconds` });
  try {
    const unreachable = await opened;
    if (isLate) return late();
    if (unreachable !== undefined) return refuse({ reason: "unreachable", detail: unreachable });
    const answer = await askOver(stream, { url, roots: gdmfRoots(roots), now });
    return isLate && !answer.ok ? late() : answer;
  } catch (fault) {
    if (isLate) return late();
    const detail = fault instanceof Error ? fault.message : String(fault);
    return refuse({ reason: "protocol", detail });
  } finally {
    clearTimeout(timer);
    await stream.close();
  }
}
