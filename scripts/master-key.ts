// Whether a MASTER_KEY is the one that a deployment's secrets are sealed under. The Worker keeps a marker of it in D1.
import { fromBase64 } from "../src/base/bytes.ts";
import { makeMarker, opensMarker } from "../src/pki/marker.ts";
import { sealKeys } from "../src/pki/seal.ts";
import type { Answer } from "./request.ts";
import { Trouble } from "./trouble.ts";

const keysOf = (masterKey: string) => sealKeys(fromBase64(masterKey) ?? new Uint8Array());

/** Of these markers, those that a key does not open. */
export async function unopened<Marker extends { marker: string }>(
  masterKey: string,
  markers: readonly Marker[],
): Promise<Marker[]> {
  const keys = await keysOf(masterKey);
  const opens = await Promise.all(markers.map(({ marker }) => opensMarker(keys, marker)));
  return markers.filter((_, at) => !opens[at]);
}

/** In SQL: from now on values lie under this key, and those under any other are given up. */
export async function onlyThisKey(masterKey: string): Promise<string> {
  const keys = await keysOf(masterKey);
  const { id } = keys.current;
  const marker = await makeMarker(keys, id);
  return `DELETE FROM master_keys; INSERT INTO master_keys (key_id, marker, since) VALUES ('${id}', '${marker}', ${Date.now()})`;
}

/** What the running Worker says of its own key at /readyz. */
export function refuseWrongMasterKey({ body }: Answer, place: string): void {
  const found = problemsIn(body).find(({ name }) => name === "MASTER_KEY");
  if (found)
    throw new Trouble(`the MASTER_KEY in ${place} is not the right one: ${found.problem}. ${found.remedy}`);
}

function problemsIn(body: string): { name: string; problem: string; remedy: string }[] {
  try {
    return JSON.parse(body).problems ?? [];
  } catch {
    return [];
  }
}
