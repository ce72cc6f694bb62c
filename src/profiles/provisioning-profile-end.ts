import { day } from "../base/time.ts";

/** From when on somebody should upload the successor of a provisioning profile. */
export const endingWithinMs = 30 * day;
