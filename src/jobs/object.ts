import { DurableObject } from "cloudflare:workers";

/** One long piece of work over many devices, done in pages with a stored cursor. */
export class Job extends DurableObject<Env> {}
