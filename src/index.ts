import { app } from "./app.ts";
import { warmUp } from "./pki/warm-up.ts";

export { Device } from "./device/object.ts";
export { Registrar } from "./enrollment/registrar.ts";
export { Job } from "./jobs/object.ts";

warmUp();

export default {
  fetch: app.fetch,
} satisfies ExportedHandler<Env>;
