import { rights, roles } from "../db/schema/tokens.ts";

/**
 * - `viewer` reads everything except tokens, the audit log and secrets.
 * - `helpdesk` also helps one device at a time: lock, lost mode, restart, clear passcode (`commands/allowed.ts`).
 * - `operator` also changes everything except tokens and settings.
 * - `admin` may do everything.
 */
export type Role = (typeof roles)[number];

/**
 * - `erase`: EraseDevice for one device.
 * - `read-escrow`: escrowed secrets, with an audit entry for each reading.
 * - `disown`: removes devices from the organisation at Apple, permanently.
 */
export type Right = (typeof rights)[number];

export { rights, roles };

export const includesRole = (held: Role, needed: Role): boolean =>
  roles.indexOf(held) >= roles.indexOf(needed);
