import { rights, roles } from "../db/schema/tokens.ts";

/**
 * - `viewer` reads everything but tokens, the audit log and secrets.
 * - `helpdesk` also helps one device at a time: lock, lost mode, restart, clear passcode (`commands/allowed.ts`).
 * - `operator` also changes everything but tokens and settings.
 * - `admin` may do all there is.
 */
export type Role = (typeof roles)[number];

/**
 * - `erase`: EraseDevice, to one device.
 * - `read-escrow`: recovery values, each reading with its audit entry.
 * - `disown`: lets devices go from the organisation for ever, at Apple.
 */
export type Right = (typeof rights)[number];

export { rights, roles };

export const includesRole = (held: Role, needed: Role): boolean =>
  roles.indexOf(held) >= roles.indexOf(needed);
