import { app } from "./app.ts";
import { warmUp } from "./http/warm-up.ts";

export { AdeServer } from "./apple-business/object.ts";
export { ApplePortal } from "./apple-business/portal/object.ts";
export { Batch } from "./commands/batch-object.ts";
export { Device } from "./device/object.ts";
export { AcmeAccount } from "./enrollment/acme/object.ts";
export { Registrar } from "./enrollment/registrar.ts";
export { Feed } from "./events/feed-object.ts";
export { Job } from "./jobs/object.ts";
export { ContentLocation } from "./licences/object.ts";
export { PushGateway } from "./push/gateway-object.ts";
export { Webhook } from "./webhooks/object.ts";

warmUp(app);

export default {
  fetch: app.fetch,
  // No device waits for it, so no device's request loads it.
  scheduled: async (controller, env) => {
    const { runCron } = await import("./cron/run.ts");
    await runCron(env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
