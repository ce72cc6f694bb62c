// A table (RFC 4180) as spreadsheets write it: with commas, semicolons or tabs, and a mark of the encoding at its beginning.
import { Trouble } from "../trouble.ts";

export type Row = { line: number; cells: ReadonlyMap<string, string> };

export function readCsv(text: string): Row[] {
  const [head, ...rows] = rowsOf(text.replace(/^\uFEFF/, "")).filter(({ cells }) => cells.some(Boolean));
  if (head === undefined) throw new Trouble("the table is empty");
  const names = head.cells.map((name) => name.trim());
  const twice = names.find((name, at) => name !== "" && names.indexOf(name) !== at);
  if (twice !== undefined) throw new Trouble(`the table has the column ${twice} twice`);
  return rows.map(({ line, cells }) => {
    if (cells.length > names.length)
      throw new Trouble(`line ${line} has more cells than the table has columns`);
    return { line, cells: new Map(names.map((name, at) => [name, (cells[at] ?? "").trim()])) };
  });
}

function rowsOf(text: string): { line: number; cells: string[] }[] {
  const first = text.split(/\r?\n/, 1)[0] ?? "";
  const separator = [",", ";", "\t"].find((one) => first.includes(one)) ?? ",";
  const rows: { line: number; cells: string[] }[] = [];
  let row = { line: 1, cells: [""] };
  let line = 1;
  let isQuoted = false;
  const add = (character: string): void => {
    row.cells[row.cells.length - 1] += character;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === "\n") line++;
    if (isQuoted) {
      if (character !== '"') add(character);
      else if (text[at + 1] === '"') add(text[++at] as string);
      else isQuoted = false;
    } else if (character === '"' && row.cells.at(-1) === "") isQuoted = true;
    else if (character === separator) row.cells.push("");
    else if (character === "\n") {
      rows.push(row);
      row = { line, cells: [""] };
    } else if (character !== "\r") add(character);
  }
  if (isQuoted) throw new Trouble(`a quotation mark of line ${row.line} has no second one`);
  return [...rows, row];
}
