import { openDb } from "../db/open.ts";
import { findReading, listSignedSystems, noteTrouble, saveSystems } from "../db/signed-systems.ts";
import { readEnv } from "../env.ts";
import { fetchList } from "../gdmf/client.ts";
import { readList, type SignedSystem } from "../gdmf/read-list.ts";
import { reconcile } from "./reconcile.ts";

/** `trouble` set: the list stays as it was, and it is kept why. */
export type Taken = { changed: number; trouble?: string };

/** Asks Apple, and takes what it answers. Whatever goes wrong changes nothing but the note of it. */
export async function takeAppleList(env: Env, now: number): Promise<Taken> {
  const configuration = readEnv(env);
  if (!configuration.ok) throw new Error(configuration.refusal.map(({ name }) => name).join(", "));
  const { gdmf } = configuration.value;
  const answer = await fetchList(gdmf, now);
  if (!answer.ok) return failed(env, `${new URL(gdmf.url).host}: ${answer.refusal.detail}`, now);
  const systems = readList(answer.value);
  if (!systems.ok) return failed(env, `its list cannot be read: ${systems.refusal.detail}`, now);
  return keepList(env, systems.value, now);
}

export async function keepList(env: Env, systems: readonly SignedSystem[], now: number): Promise<Taken> {
  const db = openDb(env.DB);
  const [before, reading] = await Promise.all([listSignedSystems(db), findReading(db)]);
  const reconciled = reconcile(before, systems, reading, now);
  if (reconciled.outcome === "shrunk") {
    const { detail: trouble } = reconciled;
    const shrunkSince = reading?.shrunkSince ?? now;
    await saveSystems(db, [], { takenAt: reading?.takenAt ?? null, triedAt: now, trouble, shrunkSince });
    return { changed: 0, trouble };
  }
  await saveSystems(db, reconciled.changed, {
    takenAt: now,
    triedAt: now,
    trouble: null,
    shrunkSince: null,
  });
  return { changed: reconciled.changed.length };
}

async function failed(env: Env, trouble: string, now: number): Promise<Taken> {
  await noteTrouble(openDb(env.DB), trouble, now);
  return { changed: 0, trouble };
}
