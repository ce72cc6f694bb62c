import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A failure, in KMFDDM's form. */
export const failed = (c: Context, status: ContentfulStatusCode, error: string): Response =>
  c.json({ error }, status);

/** 204: something changed; 304: there was nothing to change. */
export const changed = (c: Context, isChanged: boolean): Response => c.body(null, isChanged ? 204 : 304);

/** Whether the parameter forbids notifying devices: it does, unless it is absent or says no. */
export const isQuiet = (c: Context): boolean =>
  !["", "0", "false", "no", "off"].includes((c.req.query("nonotify") ?? "").toLowerCase());
