/** Where a command comes from: the id of an administrator's token, or a part of the server. */
export const serverOrigin = "server";
export const inventoryOrigin = "inventory";
export const declarationsOrigin = "declarations";
/** What a device should have by its sets. */
export const assignmentOrigin = "assignment";
/** What is done while it awaits configuration. */
export const setupOrigin = "setup";
/** A secret of the device is replaced. */
export const rotationOrigin = "rotation";

const serverOrigins: readonly string[] = [
  serverOrigin,
  inventoryOrigin,
  declarationsOrigin,
  assignmentOrigin,
  setupOrigin,
  rotationOrigin,
];

/** A part of the server gave it, and no person or program. */
export const isServerOrigin = (origin: string): boolean => serverOrigins.includes(origin);

/**
 * Commands that the server gives to every device, each day or at each change. They come after all others, and the
 * directory gets only the failed ones: a header and two events for each, for every device and time, would be most
 * of the cost of a fleet.
 */
export const isBackground = ({ origin }: { origin: string }): boolean =>
  origin === inventoryOrigin || origin === declarationsOrigin;
