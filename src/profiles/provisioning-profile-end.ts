/** From when on somebody should upload the successor of a provisioning profile. */
export const endingWithinMs = 30 * 24 * 60 * 60_000;
