/** Where a command comes from: the id of an administrator's token, or the part of the server that wants it. */
export const serverOrigin = "server";
export const inventoryOrigin = "inventory";
export const declarationsOrigin = "declarations";
/** What a device should have by its sets. */
export const assignmentOrigin = "assignment";
/** What is done while it awaits configuration. */
export const setupOrigin = "setup";

/**
 * Commands that the server gives every device, day after day or at each change. They go after all others, and the
 * directory hears of one only when it fails: a header and two events for each, for every device and time, would be most
 * of what a fleet costs.
 */
export const isBackground = ({ origin }: { origin: string }): boolean =>
  origin === inventoryOrigin || origin === declarationsOrigin;
