import * as v from "valibot";
import { defaultPosturePolicy, postureAccess, postureCallers, posturePolicy } from "../posture.ts";

// What Cloudflare Access is told of devices.

export const postureEntries = {
  posture_callers: v.optional(
    v.pipe(
      v.nullable(postureCallers),
      v.description(
        "The service tokens that Cloudflare asks `/api/v1/posture` with, as `client_id` and `client_secret`, two at most; null: nobody may ask",
      ),
    ),
    null,
  ),
  posture_access: v.optional(
    v.pipe(
      v.nullable(postureAccess),
      v.description(
        "The Access application in front of `/api/v1/posture`, as `issuer` and `audience`; null: there is none",
      ),
    ),
    null,
  ),
  posture_policy: v.optional(
    v.pipe(
      posturePolicy,
      v.description(
        "The points of each part of a device's posture, 100 together; `seen_days` is how recent its last message must be",
      ),
    ),
    defaultPosturePolicy,
  ),
} as const;
