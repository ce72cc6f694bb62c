// The name of a thing and the name of its file. What a file system may refuse is written as in an address.

const unsafe = /[\p{C}%/\\:*?"<>|]|^[.\s]|[.\s]$/gu;

export const fileNameOf = (name: string): string => name.replace(unsafe, percent);

/** undefined: a percent sign that begins nothing. */
export function nameOfFile(fileName: string): string | undefined {
  try {
    return decodeURIComponent(fileName);
  } catch {
    return undefined;
  }
}

/** Where capitals and small letters are the same to a file system, the later of two such names spells its capitals out. */
export function distinct(fileName: string, taken: ReadonlySet<string>): string {
  return taken.has(fileName.toLowerCase()) ? fileName.replace(/\p{Lu}/gu, percent) : fileName;
}

const percent = (character: string): string =>
  [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
