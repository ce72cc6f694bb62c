import { pointerPart } from "./pointer.ts";

/**
 * Names that every JavaScript object already has. Libraries ignore them silently, so a member with such a name would be
 * answered with 200 and lost: it is refused at every place.
 */
export const isReservedName = (name: string): boolean => reserved.has(name);

const reserved: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Written plainly or with an escape. */
const mayHaveOne = /__proto__|constructor|prototype|\\u/;
const mostTold = 20;

/** Where they stand in a value that is not too deep to walk through. */
export function reservedNames(text: string, value: unknown): string[] {
  const pointers: string[] = [];
  if (mayHaveOne.test(text)) collect(value, "", pointers);
  return pointers;
}

function collect(value: unknown, above: string, pointers: string[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (pointers.length >= mostTold) return;
    const pointer = `${above}/${pointerPart(name)}`;
    if (!Array.isArray(value) && isReservedName(name)) pointers.push(pointer);
    else collect(member, pointer, pointers);
  }
}
