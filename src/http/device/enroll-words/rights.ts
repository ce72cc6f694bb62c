import type { Right, Words } from "./words.ts";

// In the order in which people read them.
const seen: readonly Right[] = [16, 32, 256, 1, 64, 512, 1024];
const done: readonly Right[] = [2, 4096, 2048, 128, 4, 8];

/**
 * What AccessRights mean for the person who holds the device. Without rights it is a user enrollment, which affects only
 * work data. https://developer.apple.com/documentation/devicemanagement/mdm
 */
export function rightsInWords(
  words: Words,
  accessRights: number | undefined,
): { sees: readonly string[]; does: readonly string[] } {
  if (accessRights === undefined) return { sees: words.userSees, does: words.userDoes };
  const granted = (rights: readonly Right[]) =>
    rights.filter((right) => (accessRights & right) !== 0).map((right) => words.rights[right]);
  return { sees: granted(seen), does: granted(done) };
}
