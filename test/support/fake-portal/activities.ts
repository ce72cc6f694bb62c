import { timeText } from "../fake-apple/devices.ts";
import type { AppleServer } from "../fake-apple/server.ts";
import type { OrgDeviceFacts } from "./portal.ts";
import { PortalRefusal } from "./refusal.ts";

/** An order that the portal works on: each look at it finds it one step further. */
export type FakeActivity = {
  id: string;
  type: string;
  createdAt: number;
  looks: number;
  rows: { serial: string; status: string; reason: string }[];
};

const longestDeadlineMs = 90 * 24 * 60 * 60 * 1000;
const steps = ["SUBMITTED", "PROCESSING", "POST_PROCESSING"];

export const isOver = ({ looks }: FakeActivity): boolean => looks >= steps.length;

export function tellActivity(activity: FakeActivity, downloadUrl: string): unknown {
  const isAllWell = activity.rows.every(({ status }) => status === "SUCCESS");
  return {
    type: "orgDeviceActivities",
    id: activity.id,
    attributes: {
      createdDateTime: timeText(activity.createdAt),
      ...(isOver(activity)
        ? {
            status: "COMPLETED",
            subStatus: isAllWell ? "COMPLETED_WITH_SUCCESS" : "COMPLETED_WITH_ERROR",
            completedDateTime: timeText(activity.createdAt + 60_000),
            downloadUrl,
          }
        : { status: "IN_PROGRESS", subStatus: steps[activity.looks] }),
    },
    links: { self: `/v1/orgDeviceActivities/${activity.id}` },
  };
}

export const tableOf = ({ rows }: FakeActivity): string =>
  [
    "Serial Number,Device Model,Status,Failure Reason",
    ...rows.map(({ serial, status, reason }) => `${serial},"Model, any",${status},"${reason}"`),
  ].join("\r\n");

export type Organisation = {
  devices: Map<string, OrgDeviceFacts>;
  servers: readonly AppleServer[];
  idOf: (server: AppleServer) => string;
  mayMigrate: boolean;
};

type Order = {
  type: string;
  deadline: number | undefined;
  server: AppleServer | undefined;
  serials: string[];
};

/** Reads an order, and does at once what Apple does in minutes. */
export function obey(body: unknown, organisation: Organisation, now: number): FakeActivity {
  const order = readOrder(body, organisation);
  check(order, organisation, now);
  const rows = order.serials.map((serial) => ({ serial, ...obeyFor(serial, order, organisation, now) }));
  return { id: crypto.randomUUID(), type: order.type, createdAt: now, looks: 0, rows };
}

type Loose = { [key: string]: Loose } & Loose[];

function readOrder(body: unknown, { servers, idOf }: Organisation): Order {
  const data = (body as Loose | undefined)?.data;
  if (String(data?.type) !== "orgDeviceActivities") throw new PortalRefusal(400, "PARAMETER_ERROR.INVALID");
  const told = data?.attributes;
  const serverId = data?.relationships?.mdmServer?.data?.id as unknown as string | undefined;
  const linked = data?.relationships?.devices?.data;
  if (!Array.isArray(linked) || linked.length === 0)
    throw new PortalRefusal(422, "ENTITY_ERROR.RELATIONSHIP.REQUIRED", "devices are missing");
  const when = told?.activityTypeMetadata?.mdmMigrationDeadlineDateTime as unknown as string | undefined;
  return {
    type: String(told?.activityType),
    deadline: when === undefined ? undefined : Date.parse(when),
    server: servers.find((server) => idOf(server) === serverId),
    serials: linked.map(({ id }) => String(id)),
  };
}

function check(order: Order, { devices, mayMigrate }: Organisation, now: number): void {
  const { type, deadline, server, serials } = order;
  const moves = type === "ASSIGN_DEVICES" || type === "ASSIGN_DEVICES_WITH_MDM_MIGRATION_DEADLINE";
  const isTimed = type.endsWith("MIGRATION_DEADLINE");
  if (!moves && !isTimed && type !== "CANCEL_MDM_MIGRATION")
    throw new PortalRefusal(400, "PARAMETER_ERROR.INVALID", `there is no activity ${type}`);
  if (type !== "ASSIGN_DEVICES" && !mayMigrate)
    throw new PortalRefusal(403, "FORBIDDEN_ERROR", "migration is not available for this organisation");
  if (moves && !server) throw new PortalRefusal(404, "NOT_FOUND", "there is no such MDM server");
  if (isTimed && (deadline === undefined || Number.isNaN(deadline)))
    throw new PortalRefusal(422, "ENTITY_ERROR.ATTRIBUTE.REQUIRED", "a deadline is missing");
  if (deadline !== undefined && deadline > now + longestDeadlineMs)
    throw new PortalRefusal(409, "ENTITY_ERROR.ATTRIBUTE.INVALID", "the deadline is more than 90 days ahead");
  const foreign = serials.find((serial) => !devices.has(serial));
  if (foreign !== undefined)
    throw new PortalRefusal(409, "ENTITY_ERROR.RELATIONSHIP.INVALID", `${foreign} is no device of yours`);
}

const well = { status: "SUCCESS", reason: "" };
const failed = (reason: string) => ({ status: "FAILED", reason });

function obeyFor(serial: string, order: Order, { devices, servers }: Organisation, now: number) {
  const facts = devices.get(serial) as OrgDeviceFacts;
  const present = servers.find((server) => server.devices.has(serial));
  if (order.type === "CANCEL_MDM_MIGRATION") {
    if (facts.mdmMigrationStatus !== "REQUESTED") return failed("The device is not migrating");
    devices.set(serial, { ...facts, mdmMigrationStatus: undefined, mdmMigrationDeadlineDateTime: undefined });
    present?.change(serial, { mdm_migration_deadline: undefined });
    return well;
  }
  if (order.deadline !== undefined && !facts.isMdmMigrationCapable)
    return failed("The device cannot migrate");
  const deadline = order.deadline === undefined ? undefined : timeText(order.deadline);
  if (order.type === "UPDATE_MDM_MIGRATION_DEADLINE") {
    if (facts.mdmMigrationStatus !== "REQUESTED") return failed("The device is not migrating");
    devices.set(serial, { ...facts, mdmMigrationDeadlineDateTime: deadline });
    present?.change(serial, { mdm_migration_deadline: deadline });
    return well;
  }
  if (present === order.server) return failed("The device is assigned to this server already");
  const device = present?.device(serial);
  present?.drop(serial);
  order.server?.add({
    ...(device ?? facts.factory),
    profile_status: "empty",
    profile_uuid: undefined,
    device_assigned_date: timeText(now),
    mdm_migration_deadline: deadline,
  });
  const migration = deadline && { mdmMigrationStatus: "REQUESTED", mdmMigrationDeadlineDateTime: deadline };
  devices.set(serial, { ...facts, ...migration, status: "ASSIGNED" });
  return well;
}
