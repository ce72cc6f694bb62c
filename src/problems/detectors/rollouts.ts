import { finding } from "../problem.ts";
import type { Detector } from "./deployment.ts";

/** Rollouts that a person must decide about. */
export const rolloutDetectors: readonly Detector[] = [
  {
    codes: ["rollout-halted"],
    find: ({ haltedRollouts }) =>
      haltedRollouts.map(({ id, kind, subject, reason, counts }) =>
        finding("rollout-halted", "urgent", {
          subject: id,
          devices: (counts ?? []).reduce((sum, { failed, silent }) => sum + failed + silent, 0),
          facts: { id, kind, subject, reason },
        }),
      ),
  },
];
