import { fromBase64, toBase64Url, utf8 } from "../base/bytes.ts";
import { readJson } from "../base/json.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { PlainRow } from "../db/backup.ts";

/**
 * A backup is a sequence of pages with lines of JSON: a head, then devices' objects or rows of tables, then an end with
 * their number and the cursor of the next page. One request writes or restores one page; a file has all pages.
 *
 * The devices' objects come first: if the directory were restored first, devices could be adopted from it with less data.
 */
export type Head = {
  edgemdm_backup: number;
  /** The same on all pages of one backup. */
  backup: string;
  page: number;
  created_at: string;
  master_key: string;
  tables: string[];
};

/** Where the next page begins. */
export type Place = { walk: "devices"; after: string } | { walk: "tables"; table: string; after: number };
export type Cursor = { backup: string; created_at: string; page: number; place: Place };

export type Line =
  | { table: string; row: PlainRow }
  | { device: { id: string } }
  /** An object that did not answer when the backup was made. */
  | { unread: string; detail: string };

export type End = { next_cursor: string | null; lines: number };

export type Page = { head: Head; lines: Line[]; end: End };

export type FormatRefusal =
  | { reason: "not-a-backup"; line: number; detail: string }
  | { reason: "cut-off"; lines: number };

export const version = 1;

/** The limits of one page; a little more is read than is written. */
export const mostOnAPage = { devices: 50, rows: 500, characters: 4 * 1024 * 1024 };
export const largestPage = 16 * 1024 * 1024;

export const lineOf = (value: Head | Line | End): string => `${JSON.stringify(value)}\n`;

export function readPage(text: string): Result<Page, FormatRefusal> {
  const [first = "", ...rest] = text.split("\n").filter((line) => line.trim() !== "");
  const head = readJson(first);
  if (!isHead(head)) return notABackup(1, "its first line is not that of a backup");
  const lines: Line[] = [];
  for (const [index, line] of rest.entries()) {
    const value = readJson(line);
    if (isEnd(value)) {
      const isLast = index === rest.length - 1;
      if (!isLast) return notABackup(index + 3, "more than one page; send them one by one: npm run restore");
      return value.lines === lines.length
        ? ok({ head, lines, end: value })
        : refuse({ reason: "cut-off", lines: lines.length });
    }
    if (!isLine(value)) return notABackup(index + 2, "neither a device, nor a row, nor the end of the page");
    lines.push(value);
  }
  return refuse({ reason: "cut-off", lines: lines.length });
}

export const writeCursor = (cursor: Cursor): string => toBase64Url(utf8(JSON.stringify(cursor)));

export function readCursor(text: string): Cursor | undefined {
  const bytes = fromBase64(text);
  const value = bytes && readJson(new TextDecoder().decode(bytes));
  if (!isRecord(value) || !isRecord(value.place)) return undefined;
  const { backup, created_at, page, place } = value;
  const isWhole = typeof backup === "string" && typeof created_at === "string" && Number.isInteger(page);
  const { walk, after, table } = place;
  const leads =
    (walk === "devices" && typeof after === "string") ||
    (walk === "tables" && typeof after === "number" && typeof table === "string");
  return isWhole && leads ? (value as unknown as Cursor) : undefined;
}

const isHead = (value: unknown): value is Head =>
  isRecord(value) &&
  value.edgemdm_backup === version &&
  typeof value.backup === "string" &&
  typeof value.page === "number" &&
  typeof value.master_key === "string" &&
  Array.isArray(value.tables);

const isEnd = (value: unknown): value is End =>
  isRecord(value) && "next_cursor" in value && typeof value.lines === "number";

const isLine = (value: unknown): value is Line =>
  isRecord(value) &&
  ((typeof value.table === "string" && isRecord(value.row)) ||
    (isRecord(value.device) && typeof value.device.id === "string") ||
    typeof value.unread === "string");

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const notABackup = (line: number, detail: string) =>
  refuse({ reason: "not-a-backup" as const, line, detail });
