import type { ChangeRow } from "../../db/assignment-changes.ts";

/**
 * What the job does next for the due notes. Named devices are notified at once. Several sets are walked together, so that
 * a device with all of them is notified once. A filter or a deleted set has its own walk.
 */
export type Work =
  | { does: "tell"; devices: { deviceId: string; quiet: boolean; attempts: number }[]; changes: number[] }
  | { does: "walk"; setNames: string[]; quiet: boolean; changes: number[] }
  | { does: "person"; personId: string; quiet: boolean; changes: number[] }
  | { does: "everyone"; quiet: boolean; changes: number[] }
  | { does: "compare"; setName: string; quiet: boolean; changes: number[] }
  | { does: "remove"; setName: string; quiet: boolean; changes: number[] };

/** How many lists are read for one page. */
export const mostSetsAWalk = 25;

/** Undefined: nothing is due. */
export function nextWork(due: readonly ChangeRow[]): Work | undefined {
  const named = due.filter(({ concerns }) => concerns === "device");
  if (named.length > 0) return tell(named);
  const [first] = due;
  if (first === undefined) return undefined;
  const alike = due.filter(({ concerns, quiet }) => concerns === first.concerns && quiet === first.quiet);
  if (first.concerns === "channels") {
    const setNames = [...new Set(alike.map(nameOf))].slice(0, mostSetsAWalk);
    const walked = alike.filter((row) => setNames.includes(nameOf(row)));
    return { does: "walk", setNames, quiet: first.quiet, changes: walked.map(({ id }) => id) };
  }
  if (first.concerns === "everyone")
    return { does: "everyone", quiet: first.quiet, changes: alike.map(({ id }) => id) };
  if (first.concerns === "person") {
    const ofPerson = alike.filter(({ personId }) => personId === first.personId);
    return {
      does: "person",
      personId: first.personId ?? "",
      quiet: first.quiet,
      changes: ofPerson.map(({ id }) => id),
    };
  }
  const setName = nameOf(first);
  return {
    does: first.concerns === "fleet" ? "compare" : "remove",
    setName,
    quiet: first.quiet,
    changes: alike.filter((row) => nameOf(row) === setName).map(({ id }) => id),
  };
}

function tell(rows: readonly ChangeRow[]): Work {
  const devices = [...Map.groupBy(rows, ({ deviceId }) => deviceId ?? "")].map(([deviceId, notes]) => ({
    deviceId,
    // A device is notified if one of the notes says so.
    quiet: notes.every(({ quiet }) => quiet),
    attempts: Math.max(...notes.map(({ attempts }) => attempts)),
  }));
  return { does: "tell", devices, changes: rows.map(({ id }) => id) };
}

const nameOf = ({ setName }: ChangeRow): string => setName ?? "";
