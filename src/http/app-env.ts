import type { Configuration } from "../env.ts";

/** What every door of the Worker finds in its context. */
export type AppEnv = {
  Bindings: Env;
  Variables: { configuration: Configuration };
};
