import type { Configuration } from "../env.ts";

/** The variables in the context of every handler of the Worker. */
export type AppEnv = {
  Bindings: Env;
  Variables: { configuration: Configuration };
};
