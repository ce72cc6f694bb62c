// The figures as people read them.
import { availableParallelism, cpus, loadavg } from "node:os";
import type { ColdFigures } from "./cold.ts";
import type { PathFigures } from "./paths.ts";
import type { Contest } from "./sleeping.ts";

export const machine = (): string =>
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before the run\n`;

const share = (part: number, whole: number): string => `${Math.round((part / whole) * 100)} %`;

export function loadTable(paths: readonly PathFigures[]): string {
  const [a, idle, , chain] = paths;
  const rows = paths.map(({ name, perSecond, p50, p99, cpuMs, cpuLaterMs }) => [
    name,
    Math.round(perSecond).toString(),
    p50.toFixed(1),
    p99.toFixed(1),
    share(perSecond, a?.perSecond ?? 0),
    share(perSecond, (name.includes("command") ? chain : idle)?.perSecond ?? 0),
    cpuMs.toFixed(3),
    cpuLaterMs > 0 ? cpuLaterMs.toFixed(3) : "",
  ]);
  return table([["path", "a second", "p50 ms", "p99 ms", "of a", "of least", "CPU ms", "later"], ...rows]);
}

const ratio = (ours: number, least: number): string => `${(ours / least).toFixed(1)} x`;

/** Of the least object, of ours, and how many times the least object's ours is. */
export const sleepingTable = (contests: readonly Contest[]): string =>
  table([
    [
      "each object asleep",
      "least: CPU ms",
      "later",
      "flushes",
      "ours: CPU ms",
      "later",
      "flushes",
      "all CPU",
      "rate",
    ],
    ...contests.map(({ name, least, ours }) => [
      name,
      least.cpuMs.toFixed(2),
      least.laterMs.toFixed(2),
      least.flushes?.toFixed(1) ?? "",
      ours.cpuMs.toFixed(2),
      ours.laterMs.toFixed(2),
      ours.flushes?.toFixed(1) ?? "",
      ratio(ours.cpuMs + ours.laterMs, least.cpuMs + least.laterMs),
      share(ours.perSecond, least.perSecond),
    ]),
  ]);

export const coldTable = (figures: readonly ColdFigures[]): string =>
  table([
    ["first request of a fresh isolate", "CPU ms, least", "middle"],
    ...figures.map(({ name, least, middle }) => [name, least.toFixed(1), middle.toFixed(1)]),
  ]);

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
