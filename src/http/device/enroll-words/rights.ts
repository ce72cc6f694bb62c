import type { Words } from "./words.ts";

/** The bits of AccessRights that people are told of, in the order in which they read them. */
const seen = [16, 32, 256, 1, 64, 512, 1024] as const;
const done = [2, 4096, 2048, 128, 4, 8] as const;

export type Right = (typeof seen)[number] | (typeof done)[number];

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
