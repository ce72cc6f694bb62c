import { DurableObject } from "cloudflare:workers";

/** One enrolled device: all that is exact and serial for it. */
export class Device extends DurableObject<Env> {}
