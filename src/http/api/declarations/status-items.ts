import { Hono } from "hono";
import * as v from "valibot";
import { listStatusPaths, listStatusValues, type StatusValueRow } from "../../../db/declaration-states.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { countQuery, listQuery, pageOf, pageQuery } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime } from "../route/times.ts";
import { query } from "../route/validate.ts";
import { StatusValueOnChannel } from "./declaration-status-json.ts";

export const statusItems = new Hono<ApiEnv>();

statusItems.get(
  "/",
  describeRoute(
    "List the channels that reported a status item, by its value",
    { 200: pageOf(StatusValueOnChannel) },
    {
      tag: "declarations",
      detail: "Only items with one value; read items with lists on each device.",
    },
  ),
  allow("viewer"),
  query({
    path: v.pipe(v.string(), v.minLength(1), v.description("Such as `passcode.is-compliant`")),
    value: v.optional(v.pipe(v.string(), v.description("Only this value, such as `true` or `18.2`"))),
    ...listQuery(StatusValueOnChannel, v.tuple([v.string(), v.string(), v.string()])),
  }),
  async (c) => {
    const { path, value } = c.req.valid("query");
    const spellings = value === undefined ? undefined : spellingsOf(value);
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listStatusValues(c.var.db, path, spellings, limit, after),
      present: presentValue,
      keyOf: (row) => [row.value, row.deviceId, row.userId],
    });
  },
);

statusItems.get(
  "/paths",
  describeRoute(
    "List the status items that any channel has reported",
    { 200: pageOf(v.string()) },
    { tag: "declarations" },
  ),
  allow("viewer"),
  query({ ...pageQuery(v.tuple([v.string()])), ...countQuery }),
  (c) =>
    listed(c, c.req.valid("query"), {
      read: (limit, after) => listStatusPaths(c.var.db, limit, after?.[0] ?? ""),
      present: (path) => path,
      keyOf: (path) => [path],
    }),
);

/** As JSON, so that a caller need not know whether an item's `18` is a number or a text. */
const spellingsOf = (value: string): string[] => [
  JSON.stringify(value),
  ...(/^(true|false|-?(0|[1-9]\d*)(\.\d+)?)$/.test(value) ? [JSON.stringify(JSON.parse(value))] : []),
];

const presentValue = ({ deviceId, userId, value, updatedAt }: StatusValueRow) => ({
  device_id: deviceId,
  channel: userId || null,
  value: JSON.parse(value),
  updated_at: isoTime(updatedAt),
});
