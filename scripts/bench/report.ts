// The figures as people read them, in the form in which docs/performance.md has them.
import { availableParallelism, cpus, loadavg } from "node:os";
import type { Contest } from "./sleeping.ts";

export const machine = (): string =>
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before the run\n`;

const share = (part: number, whole: number): string => `${Math.round((part / whole) * 100)} %`;
const ratio = (ours: number, least: number): string => `${(ours / least).toFixed(1)} x`;
const some = (figure: number | undefined, digits: number): string =>
  figure === undefined || figure.toFixed(digits) === (0).toFixed(digits) ? "" : figure.toFixed(digits);

/** Of the least object, of ours, and how many times the least object's ours is. */
export const contestTable = (contests: readonly Contest[]): string =>
  markdown([
    ["request", "least: CPU", "later", "flushes", "ours: CPU", "later", "flushes", "all CPU", "rate"],
    ...contests.map(({ name, least, ours }) => [
      name,
      least.cpuMs.toFixed(2),
      some(least.laterMs, 2),
      least.flushes?.toFixed(1) ?? "",
      ours.cpuMs.toFixed(2),
      some(ours.laterMs, 2),
      ours.flushes?.toFixed(1) ?? "",
      ratio(ours.cpuMs + ours.laterMs, least.cpuMs + least.laterMs),
      share(ours.perSecond, least.perSecond),
    ]),
  ]);

export type OtherFigure = { name: string; figure: number; digits?: number; withoutD1?: number | undefined };

export const otherTable = (figures: readonly OtherFigure[]): string =>
  markdown([
    ["other", "CPU ms", "without D1"],
    ...figures.map(({ name, figure, digits = 1, withoutD1 }) => [
      name,
      figure.toFixed(digits),
      some(withoutD1, 1),
    ]),
  ]);

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return `${[head, rule, ...rows].map(line).join("\n")}\n`;
}

export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   ");
  return `${rows.map(line).join("\n")}\n`;
}
