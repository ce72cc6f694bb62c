import { hour } from "../../base/time.ts";
import { pauseKind } from "../../webhooks/paused.ts";
import { finding } from "../problem.ts";
import type { Detector } from "./deployment.ts";

export const webhookDetectors: readonly Detector[] = [
  {
    codes: ["webhook-paused"],
    find: ({ webhooks }) =>
      // A webhook that a person paused is not a problem.
      webhooks.flatMap(({ id, name, state, pausedReason: reason }) =>
        state === "paused" && reason !== null
          ? finding("webhook-paused", "urgent", {
              subject: id,
              facts: { id, name, reason, kind: pauseKind(reason) },
            })
          : [],
      ),
  },
  {
    codes: ["webhook-failing"],
    find: ({ webhooks }, now) =>
      webhooks.flatMap(({ id, name, state, failingSince, lastFault: fault }) =>
        state === "active" && failingSince !== null && now - failingSince > hour
          ? finding("webhook-failing", "soon", {
              subject: id,
              facts: { id, name, fault, since: new Date(failingSince).toISOString() },
            })
          : [],
      ),
  },
  {
    codes: ["webhook-dead-letters"],
    find: ({ webhooks }) =>
      webhooks.flatMap(({ id, name, deadLetters: count }) =>
        count > 0
          ? finding("webhook-dead-letters", "notice", { subject: id, facts: { id, name, count } })
          : [],
      ),
  },
];
