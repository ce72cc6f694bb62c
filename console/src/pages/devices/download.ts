import { api } from "../../api/api.ts";
import type { DeviceQuery } from "./asked.ts";
import type { DeviceColumn } from "./columns.tsx";

const pageLength = 1000;

/** All devices of the view with the columns that are in sight, page by page: the first row has their names. */
export async function rowsOf(asked: DeviceQuery, columns: readonly DeviceColumn[]): Promise<string[][]> {
  const rows = [columns.map(({ title }) => title)];
  let cursor: string | undefined;
  do {
    const page = await api.get("/devices", { query: { ...asked, limit: pageLength, cursor } });
    for (const device of page.items) rows.push(columns.map(({ told }) => String(told(device) ?? "")));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}
