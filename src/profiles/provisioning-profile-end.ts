import { day } from "../base/time.ts";

/** How long before its end the successor of a provisioning profile should be uploaded. */
export const endingWithinMs = 30 * day;
