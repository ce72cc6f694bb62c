import { Hono } from "hono";
import * as v from "valibot";
import { type CommandRow, listCommandsOf } from "../../../db/commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { query } from "../route/validate.ts";
import { commandStates } from "./command-json.ts";

const CommandOnChannel = v.pipe(
  v.object({
    uuid: v.string(),
    device_id: v.string(),
    channel: v.pipe(v.nullable(v.string()), v.description("The id of the user; null: the device channel")),
    request_type: v.string(),
    state: v.picklist(commandStates),
    error: v.nullable(v.string()),
    origin: v.string(),
    queued_at: Time,
    finished_at: TimeOrNull,
  }),
  v.title("CommandOnChannel"),
);

export const commands = new Hono<ApiEnv>();

commands.get(
  "/:uuid",
  describeRoute(
    "List the channels that got a command, and its state on each",
    { 200: pageOf(CommandOnChannel) },
    {
      detail:
        "This comes from the directory: it is a little late and does not have the state `sent`. Read the command on one device for its exact state. The list is empty for an unknown command.",
    },
  ),
  allow("viewer"),
  query({
    state: v.optional(v.pipe(v.picklist(commandStates), v.description("Only where it is in this state"))),
    ...listQuery(CommandOnChannel, v.tuple([v.string(), v.string()])),
  }),
  (c) => {
    const { state } = c.req.valid("query");
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listCommandsOf(c.var.db, c.req.param("uuid"), limit, after, state),
      present,
      keyOf: ({ deviceId, userId }) => [deviceId, userId],
    });
  },
);

const present = (row: CommandRow): v.InferInput<typeof CommandOnChannel> => ({
  uuid: row.uuid,
  device_id: row.deviceId,
  channel: row.userId || null,
  request_type: row.requestType,
  state: row.state,
  error: row.error,
  origin: row.origin,
  queued_at: isoTime(row.queuedAt),
  finished_at: isoTimeOrNull(row.finishedAt),
});
