import { app } from "./app.ts";

export { Device } from "./device/object.ts";
export { Registrar } from "./enrollment/registrar.ts";
export { Job } from "./jobs/object.ts";

export default {
  fetch: app.fetch,
} satisfies ExportedHandler<Env>;
