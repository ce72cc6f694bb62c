import type { CommandRow } from "./rows.ts";

/**
 * Commands that the server gives every device by itself, day after day or at each change. They go after all others, and
 * the directory hears of one only when it fails: a header and two events for each, for every device and time, would be
 * most of what a fleet costs.
 */
export const routineOrigin = "inventory";
export const declarationsOrigin = "declarations";

/** Commands that come of what a device should have by its sets. */
export const assignmentOrigin = "assignment";

export const isRoutine = ({ origin }: Pick<CommandRow, "origin">): boolean =>
  origin === routineOrigin || origin === declarationsOrigin;
