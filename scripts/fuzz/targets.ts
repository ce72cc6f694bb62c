import type { Target } from "./target.ts";
import { certificateTargets } from "./targets/certificates.ts";
import { messageTargets } from "./targets/messages.ts";
import { packageTargets } from "./targets/packages.ts";
import { pushTargets } from "./targets/push.ts";

/** Every parser that somebody without a role reaches, or that reads what such people sent. */
export const targets: readonly Target[] = [
  ...messageTargets,
  ...certificateTargets,
  ...packageTargets,
  ...pushTargets,
];
