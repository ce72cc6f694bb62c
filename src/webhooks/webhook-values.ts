import type { WebhookRow } from "../db/webhooks.ts";

/** The sealed part of a target: its address, which can itself be a secret, and the secrets that sign its messages. */
export type Private = {
  url: string;
  /** Standard Webhooks: `whsec_` and base64. */
  secret: string;
  /** The earlier secret, which also signs until this time. */
  previous?: { secret: string; until: number };
  /** The key for NanoMDM's header; any text. */
  hmacKey?: string;
};

export type Style = WebhookRow["style"];
export const styles = ["nanomdm", "cloudevents", "slack"] as const satisfies readonly Style[];
