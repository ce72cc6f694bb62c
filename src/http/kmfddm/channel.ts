import type { MiddlewareHandler } from "hono";
import type { Channel } from "../../db/memberships.ts";
import { isDeviceId } from "../../mdm/speaker.ts";
import type { ApiEnv } from "../api/api-env.ts";
import { failed } from "./answers.ts";

/** An enrollment id names a device, or a user of one after the first colon. */
export function channelOf(enrollmentId: string): Channel {
  const at = enrollmentId.indexOf(":");
  if (at < 0) return { deviceId: enrollmentId, userId: "" };
  return { deviceId: enrollmentId.slice(0, at), userId: enrollmentId.slice(at + 1) };
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
