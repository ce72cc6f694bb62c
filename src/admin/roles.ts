import { roles } from "../db/schema/tokens.ts";

/**
 * - `viewer` reads everything but tokens, the audit log and secrets.
 * - `operator` also changes everything but tokens and settings.
 * - `admin` may do all there is.
 */
export type Role = (typeof roles)[number];

export { roles };

export const includesRole = (held: Role, needed: Role): boolean =>
  roles.indexOf(held) >= roles.indexOf(needed);
