import { isSerial } from "./device.ts";

/**
 * The table of an activity: one row for each device. Apple documents that it is CSV and no more, so columns are found by
 * what their names contain, in whatever order and case.
 */
export type DeviceResult = { serial: string; outcome: string; detail: string | undefined };

const mostRows = 20_000;
const longestCell = 500;

/** undefined: no column has serial numbers. */
export function readResults(text: string): DeviceResult[] | undefined {
  const [head = [], ...rows] = readCsv(text.replace(/^\u{feff}/u, ""));
  const names = head.map((name) => name.trim().toLowerCase());
  const column = (...words: string[]): number =>
    words.map((word) => names.findIndex((name) => name.includes(word))).find((at) => at >= 0) ?? -1;
  const serialAt = column("serial", "device id", "deviceid");
  if (serialAt < 0) return undefined;
  const detailAt = column("reason", "error", "message", "detail", "description");
  const outcomeAt = names.findIndex(
    (name, at) => at !== serialAt && at !== detailAt && /status|result|outcome/.test(name),
  );
  const cell = (row: readonly string[], at: number) => row[at]?.trim().slice(0, longestCell) || undefined;
  return rows.flatMap((row) => {
    const serial = cell(row, serialAt) ?? "";
    if (!isSerial(serial)) return [];
    const detail = cell(row, detailAt);
    return { serial, outcome: cell(row, outcomeAt) ?? (detail ? "FAILED" : "SUCCESS"), detail };
  });
}

/** RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endRow = () => {
    if (row.length > 0 || cell !== "") rows.push([...row, cell]);
    [row, cell] = [[], ""];
  };
  for (let at = 0; at < text.length && rows.length <= mostRows; at++) {
    const character = text[at] as string;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[at++];
      else isQuoted = false;
    } else if (character === '"' && cell === "") isQuoted = true;
    else if (character === ",") {
      row.push(cell);
      cell = "";
    } else if (character === "\n") endRow();
    else if (character !== "\r") cell += character;
  }
  endRow();
  return rows;
}
