import type { Language } from "../base/languages.ts";
import type { ProblemRow } from "../db/problems.ts";
import type { Speaker } from "./words/speak.ts";

export type Reader = { language: Language; speaker: Speaker };

/**
 * Problems that have an end, as a calendar (RFC 5545): one all-day entry each, on the day of the end.
 *
 * The surprise: lines end with CR LF and are at most 75 octets long; longer ones go on in the next, after a space.
 */
export function calendarOf(
  rows: readonly ProblemRow[],
  host: string,
  now: number,
  { language, speaker }: Reader,
): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    `PRODID:-//edgemdm//problems//${language.toUpperCase()}`,
    "X-WR-CALNAME:edgemdm",
    "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ...rows.flatMap((row) => (row.endsAt === null ? [] : entryOf(row, row.endsAt, host, now, speaker))),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function entryOf(row: ProblemRow, endsAt: number, host: string, now: number, speaker: Speaker): string[] {
  const { title, means, todo } = speaker(row);
  return [
    "BEGIN:VEVENT",
    `UID:${text(row.key)}@${host}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART;VALUE=DATE:${stamp(endsAt).slice(0, 8)}`,
    `SUMMARY:${text(title)}`,
    `DESCRIPTION:${text(`${means}\n${todo}`)}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;

const text = (value: string): string =>
  value.replace(/[\\;,]/g, (character) => `\\${character}`).replace(/\r?\n/g, "\\n");

const longestLine = 75;

function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > longestLine) {
      parts.push(part);
      // The space that a continued line begins with counts.
      [part, octets] = ["", 1];
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join("\r\n ");
}
