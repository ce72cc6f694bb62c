import type { MiddlewareHandler } from "hono";
import type { Channel } from "../../db/memberships.ts";
import { isDeviceId, parseEnrollmentId } from "../../mdm/channel.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { failed } from "./answers.ts";

/** The channel that an enrollment id names; the device channel has the empty user. */
export function channelOf(enrollmentId: string): Channel {
  const { deviceId, userId = "" } = parseEnrollmentId(enrollmentId);
  return { deviceId, userId };
}

/** Each of the ids of the address must be one that a device can have: they name objects. */
export const wellNamed: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const ids = (c.req.param("ids") ?? "").split(",").filter(Boolean);
  const id = c.req.param("id");
  const isWell = [...ids, ...(id === undefined ? [] : [id])].every((one) =>
    isDeviceId(channelOf(one).deviceId),
  );
  return isWell ? next() : failed(c, 400, "the id of a device has 1 to 255 printable characters");
};
