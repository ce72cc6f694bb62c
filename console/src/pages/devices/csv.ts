// The whole view as a table (RFC 4180), with the columns that are in sight. The API gives a list as a table as well, with
// all fields; this is for what a person has chosen.
import { api } from "../../api/api.ts";
import type { DeviceQuery } from "./asked.ts";
import type { Device, DeviceColumn } from "./columns.tsx";

const pageLength = 1000;

export async function tableOf(
  asked: DeviceQuery,
  columns: readonly DeviceColumn[],
): Promise<{ text: string; count: number }> {
  const rows = [columns.map(({ title }) => title)];
  let cursor: string | undefined;
  do {
    const query = { ...asked, limit: pageLength, cursor };
    const page = await api.get("/devices", { query });
    for (const device of page.items) rows.push(rowOf(device, columns));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return { text: rows.map((row) => `${row.map(cell).join(",")}\r\n`).join(""), count: rows.length - 1 };
}

const rowOf = (device: Device, columns: readonly DeviceColumn[]): string[] =>
  columns.map(({ told }) => String(told(device) ?? ""));

/** Names come from devices: what a spreadsheet would take for a formula gets an apostrophe in front. */
export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
