import { type SQL, sql } from "drizzle-orm";
import type { Filter } from "./filter-lead.ts";
import type { DeviceFilters } from "./given-filters.ts";
import { appStates } from "./schema/apps.ts";
import { devices } from "./schema/devices.ts";
import { declarationStates, profileStates } from "./schema/states.ts";

/**
 * Devices on which something failed that they should have. Each of these tables has an index of name and state: what it
 * costs follows from how much failed and from how many names there are, and not from the fleet.
 */
const failures = {
  profile: { table: profileStates, name: profileStates.identifier, state: "failed" },
  declaration: { table: declarationStates, name: declarationStates.identifier, state: "invalid" },
  app: { table: appStates, name: appStates.name, state: "failed" },
} as const;

type Failure = (typeof failures)[keyof typeof failures];

export function byFailure(failed: NonNullable<DeviceFilters["failed"]>): Filter {
  const kinds = failed === "anything" ? Object.values(failures) : [failures[failed.kind]];
  const name = failed === "anything" ? undefined : failed.name;
  const some = kinds.map((failure) => (name === undefined ? someOfAll(failure) : someOf(failure, name)));
  const one = kinds.map((failure) => isOn(failure, name));
  return {
    lead: {
      name: "failed",
      table: devices,
      same: sql`${devices.id} IN (${sql.join(some, sql` UNION ALL `)})`,
      id: devices.id,
    },
    holds: sql`(${sql.join(one, sql` OR `)})`,
  };
}

const someOf = ({ table, name, state }: Failure, wanted: string): SQL =>
  sql`SELECT device_id FROM ${table} WHERE ${name} = ${wanted} AND ${table.state} = ${state}`;

/** From one name to the next, so that of those that did not fail nothing is read but the name. */
const someOfAll = ({ table, name, state }: Failure): SQL =>
  sql`SELECT * FROM (WITH RECURSIVE named(name) AS (
      SELECT min(${name}) FROM ${table}
      UNION ALL SELECT (SELECT min(${name}) FROM ${table} WHERE ${name} > named.name) FROM named WHERE named.name IS NOT NULL
    ) SELECT device_id FROM named CROSS JOIN ${table} WHERE ${name} = named.name AND ${table.state} = ${state})`;

/** Of one device: by the primary key. */
const isOn = ({ table, name, state }: Failure, wanted: string | undefined): SQL =>
  sql`EXISTS (SELECT 1 FROM ${table} WHERE ${table.deviceId} = ${devices.id} AND ${table.state} = ${state}
    ${wanted === undefined ? sql`` : sql`AND ${name} = ${wanted}`})`;
