import { makeSecret } from "../secrets.ts";
import type { WorkerPlan } from "./config.ts";

/** The Worker with all that a deployment gives it, as wrangler.toml has it. */
export const edgemdmPlan = (
  module: string,
  variables: Readonly<Record<string, string>> = {},
): WorkerPlan => ({
  name: "edgemdm",
  module,
  objects: {
    ACME: "AcmeAccount",
    ADE: "AdeServer",
    BATCH: "Batch",
    DEVICE: "Device",
    FEED: "Feed",
    JOB: "Job",
    CONTENT: "ContentLocation",
    PORTAL: "ApplePortal",
    PUSH: "PushGateway",
    REGISTRAR: "Registrar",
    WEBHOOK: "Webhook",
  },
  variables: {
    MASTER_KEY: makeSecret("MASTER_KEY"),
    ADMIN_TOKEN: makeSecret("ADMIN_TOKEN"),
    PUBLIC_URL: "",
    ...variables,
  },
  hasDatabase: true,
});
