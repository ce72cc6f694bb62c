import type { MiddlewareHandler } from "hono";
import { isDeviceId } from "../../../mdm/channel.ts";
import type { ApiEnv } from "./api-env.ts";
import { invalid } from "./validate.ts";

/** For addresses whose `:id` names an object: what nothing here could be called does not get as far as the platform. */
export const objectId: MiddlewareHandler<ApiEnv, "/:id/*"> = async (c, next) =>
  isDeviceId(c.req.param("id")) ? next() : invalid(c, [badId]);

const badId = {
  pointer: "/id",
  code: "id",
  detail: "must be 1 to 255 printable characters without a colon",
  in: "path" as const,
};
