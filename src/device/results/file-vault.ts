import type { ResultFacts } from "../../mdm/results/result-facts.ts";
import type { FileVaultKeyState } from "../../mdm/traits.ts";
import { type Turn, traitsOf } from "../turn.ts";

/** What a Mac's answer proves of its recovery key; null: FileVault is off; undefined: it says nothing of FileVault. */
export function fileVaultKeyState(
  facts: readonly ResultFacts[],
  isOpened: boolean,
): FileVaultKeyState | null | undefined {
  const told = facts.find(({ fileVault }) => fileVault !== undefined)?.fileVault;
  if (!told?.enabled) return told && null;
  if (told.sendsKey) return isOpened ? "proven" : "unreadable";
  return told.hasKey ? "not-sent" : "no-key";
}

/**
 * The directory is told only of changes. A key that the Mac does not send may still be the one in escrow: it came with a
 * rotation, perhaps. One that this server cannot open, or that the Mac says it does not have, is not.
 */
export function keepFileVaultKey(turn: Turn, state: FileVaultKeyState | null): void {
  const { store, now, tell } = turn;
  const { fileVaultKey: known, ...others } = traitsOf(store.device());
  const before = known?.state ?? null;
  if (before === state) return;
  const traits = state === null ? others : { ...others, fileVaultKey: { state, since: now } };
  store.setDevice({ traits: JSON.stringify(traits) });
  // The first key that is proven is told as stored.
  if (state === null || (state === "proven" && before === null)) return;
  const name = state === "proven" ? "escrow.proven" : "escrow.unproven";
  tell({ name, detail: { name: "filevault-key", state } });
}
