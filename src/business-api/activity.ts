import { compact, isObject, type JsonObject, textAt } from "../ade/json.ts";
import { isId } from "./server.ts";

/**
 * What Apple is told to do with devices (`orgDeviceActivities`): it takes the order at once, works on it for minutes, and
 * tells per device what came of it in a table (results.ts).
 *
 * The surprise: an order has no key that makes it safe to repeat. But each of these may come twice: the second time Apple
 * only says for each device that there was nothing to do.
 */
export type ActivityOrder =
  /** Without a deadline, the device moves when it is set up the next time. */
  | { what: "move"; serverId: string; deadline: number | undefined }
  | { what: "deadline"; deadline: number }
  | { what: "cancel" };

export type Activity = {
  id: string;
  /** `IN_PROGRESS`, `COMPLETED`, `STOPPED`, `FAILED`. */
  status: string;
  subStatus?: string;
  createdDateTime?: string;
  completedDateTime?: string;
  downloadUrl?: string;
};

const isoSeconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const types = {
  move: "ASSIGN_DEVICES",
  deadline: "UPDATE_MDM_MIGRATION_DEADLINE",
  cancel: "CANCEL_MDM_MIGRATION",
} as const;

export function activityBody(order: ActivityOrder, serials: readonly string[]): JsonObject {
  const deadline = order.what === "cancel" ? undefined : order.deadline;
  const isTimedMove = order.what === "move" && deadline !== undefined;
  return {
    data: {
      type: "orgDeviceActivities",
      attributes: {
        activityType: isTimedMove ? "ASSIGN_DEVICES_WITH_MDM_MIGRATION_DEADLINE" : types[order.what],
        ...(deadline !== undefined && {
          activityTypeMetadata: { mdmMigrationDeadlineDateTime: isoSeconds(deadline) },
        }),
      },
      relationships: {
        ...(order.what === "move" && { mdmServer: { data: { type: "mdmServers", id: order.serverId } } }),
        devices: { data: serials.map((id) => ({ type: "orgDevices", id })) },
      },
    },
  };
}

export function readActivity({ data }: JsonObject): Activity | undefined {
  if (!isObject(data)) return undefined;
  const id = textAt(data, "id") ?? "";
  const attributes = isObject(data.attributes) ? data.attributes : {};
  const status = textAt(attributes, "status");
  if (!isId(id) || status === undefined) return undefined;
  return {
    id,
    status,
    ...compact({
      subStatus: textAt(attributes, "subStatus"),
      createdDateTime: textAt(attributes, "createdDateTime"),
      completedDateTime: textAt(attributes, "completedDateTime"),
      downloadUrl: textAt(attributes, "downloadUrl"),
    }),
  };
}

/** A word that is not known here counts as under way: it is looked at again. */
export const isOver = ({ status }: Activity): boolean =>
  status === "COMPLETED" || status === "STOPPED" || status === "FAILED";
