import type { SealedStore } from "../store/sealed-values.ts";
import type { Vault } from "../vault.ts";

/** The progress of an object in moving its sealed values to the present master key. */
export type Resealed = {
  /** The key it seals with: an object that woke before the change still has the old one. */
  keyId: string;
  /** How many values this call moved, by table and column. */
  moved: { [place: string]: number };
  /** How many the next call could move. */
  left: number;
  /** How many do not open, and why the first of them does not. They stay unchanged. */
  stuck: number;
  why: string | undefined;
};

const valuesATime = 200;
const bytesATime = 16 * 1024 * 1024;

export async function resealSome(store: SealedStore, vault: Vault): Promise<Resealed> {
  const key = await vault.currentKey();
  const done: Resealed = { keyId: key.id, moved: {}, left: 0, stuck: 0, why: undefined };
  const waiting = store.notUnder(key.idBytes);
  let bytes = 0;
  let moved = 0;
  for (const value of waiting) {
    if (moved === valuesATime || bytes > bytesATime) {
      done.left += 1;
      continue;
    }
    const sealed = value.read();
    // It was answered, pruned or replaced in between: its successor is under the present key or is found next time.
    if (!sealed) continue;
    const [what, ...whose] = value.context;
    const resealed = await vault.resealed(what, whose, sealed);
    if (!resealed.ok) {
      done.stuck += 1;
      done.why ??= `${value.place}: ${resealed.refusal.detail}`;
      continue;
    }
    value.replace(sealed, resealed.value);
    done.moved[value.place] = (done.moved[value.place] ?? 0) + 1;
    bytes += sealed.byteLength;
    moved += 1;
  }
  return done;
}

export const nothingSealed = async (vault: Vault): Promise<Resealed> => ({
  keyId: (await vault.currentKey()).id,
  moved: {},
  left: 0,
  stuck: 0,
  why: undefined,
});
