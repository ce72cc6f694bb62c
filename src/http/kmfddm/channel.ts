import type { MiddlewareHandler } from "hono";
import type { Channel } from "../../db/memberships.ts";
import { isDeviceId, parseEnrollmentId } from "../../mdm/channel.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { failed } from "./answers.ts";

/** The channel that an enrollment id names; the device channel has an empty user. */
export function channelOf(enrollmentId: string): Channel {
  const { deviceId, userId = "" } = parseEnrollmentId(enrollmentId);
  return { deviceId, userId };
}

/** Each id in the address must be a possible device id, because it names an object. */
export const wellNamed: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const ids = (c.req.param("ids") ?? "").split(",").filter(Boolean);
  const id = c.req.param("id");
  const isWell = [...ids, ...(id === undefined ? [] : [id])].every((one) =>
    isDeviceId(channelOf(one).deviceId),
  );
  return isWell ? next() : failed(c, 400, "a device id must be 1 to 255 printable characters");
};
