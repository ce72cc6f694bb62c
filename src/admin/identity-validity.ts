/** How long an issued identity is valid, in days: the setting of that name, and what counts without it. */
export const identityValidity = { least: 1, most: 3650, otherwise: 397 } as const;

/** What the stored value of the setting says, read without the library that checks all of them. */
export function validityDays(stored: string | undefined): number {
  const days: unknown = stored === undefined ? undefined : JSON.parse(stored);
  const { least, most, otherwise } = identityValidity;
  return typeof days === "number" && Number.isInteger(days) && days >= least && days <= most
    ? days
    : otherwise;
}
