import type { MiddlewareHandler } from "hono";
import { isDeviceId } from "../../../mdm/channel.ts";
import type { ApiEnv } from "./api-env.ts";
import { invalid } from "./validate.ts";

/** For addresses whose `:id` names a Durable Object: an impossible id is refused before the platform is asked. */
export const objectId: MiddlewareHandler<ApiEnv, "/:id/*"> = async (c, next) =>
  isDeviceId(c.req.param("id")) ? next() : invalid(c, [badId]);

const badId = {
  pointer: "/id",
  code: "id",
  detail: "must be 1 to 255 printable characters without a colon",
  in: "path" as const,
};
