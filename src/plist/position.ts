import { decodeXml } from "./xml-source.ts";

export type Position = { line: number; column: number };

/** Where an offset of a refusal lies in an XML file, as editors count: from 1, a character a column. */
export function locate(bytes: Uint8Array, offset: number): Position {
  const before = textBefore(bytes, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

function textBefore(bytes: Uint8Array, offset: number): string {
  const head = bytes.subarray(0, offset);
  const source = decodeXml(head);
  // Nothing but white space before it, or a character cut in half at a byte that is none: good enough to count lines.
  return source.ok ? source.value.text : new TextDecoder().decode(head);
}
