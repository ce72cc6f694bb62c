import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** How KMFDDM says that something failed. */
export const failed = (c: Context, status: ContentfulStatusCode, error: string): Response =>
  c.json({ error }, status);

/** 204: something changed; 304: nothing was to be changed. */
export const changed = (c: Context, isChanged: boolean): Response => c.body(null, isChanged ? 204 : 304);

/** Devices are not sent for, unless the parameter says nothing, or no. */
export const isQuiet = (c: Context): boolean =>
  !["", "0", "false", "no", "off"].includes((c.req.query("nonotify") ?? "").toLowerCase());
