import { type Context, Hono } from "hono";
import * as v from "valibot";
import { ok, type Result, refuse } from "../../../base/result.ts";
import { readRawCommand } from "../../../commands/command.ts";
import { payloadFromJson } from "../../../commands/from-json.ts";
import { order } from "../../../commands/order.ts";
import type { Wanted } from "../../../commands/prepare.ts";
import type { CommandHeader, CommandRefusal } from "../../../device/queue/command-rpc.ts";
import type { QueuedNews } from "../../../events/queued-news.ts";
import type { PlistInput } from "../../../plist/value.ts";
import { writeForReading } from "../../../plist/write.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { plistTypes, wantsPlist } from "../route/plist-bodies.ts";
import { problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { describeRoute } from "../route/route-line.ts";
import { time } from "../route/times.ts";
import { bodyOrRaw, invalid, query } from "../route/validate.ts";
import {
  Command,
  CommandDetail,
  commandProblems,
  jsonOrNull,
  maskedParts,
  presentCommand,
} from "./command-json.ts";
import { GivenCommand, orderProblem, presentGiven, validateQuery } from "./order-json.ts";

const largestBody = 3 * 1024 * 1024;

export const channelQuery = {
  channel: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.description("The id of the user of a user channel; the device channel unless set"),
    ),
  ),
};

const priority = v.picklist(["normal", "high"]);
const expiry = v.pipe(
  time("It may wait until then"),
  v.check((ms) => ms > Date.now(), "must lie in the future"),
);
const uuid = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(200),
  v.regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces"),
  v.description(
    "Its CommandUUID; one is made unless set. Sending the same command again while it waits changes nothing; any other use of a used one is a conflict",
  ),
);

const NewCommand = v.pipe(
  v.strictObject({
    request_type: v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description("Apple's RequestType")),
    payload: v.optional(
      v.pipe(
        v.record(v.string(), v.unknown()),
        v.description("Apple's own keys besides RequestType; data in base64, dates in ISO 8601"),
      ),
      {},
    ),
    priority: v.optional(priority),
    expires_at: v.optional(expiry),
    uuid: v.optional(uuid),
  }),
  v.title("NewCommand"),
);

const Delivery = {
  ...channelQuery,
  push: v.optional(
    v.pipe(v.boolean(), v.description("false: no push; the device finds the command when it next connects")),
    true,
  ),
  ...validateQuery,
  priority: v.optional(
    v.pipe(priority, v.description("high: before all waiting commands of priority normal")),
  ),
  expires_at: v.optional(expiry),
};

const force = v.optional(
  v.pipe(v.boolean(), v.description("true: also if the device has fetched it and may still carry it out")),
  false,
);

export const deviceCommands = new Hono<ApiEnv>();

deviceCommands.get(
  "/:id/commands",
  describeRoute(
    "List the commands of one channel, newest first",
    { 200: pageOf(Command) },
    { tag: "commands", problems: ["not-found"] },
  ),
  allow("viewer"),
  query({ ...channelQuery, ...listQuery(Command, v.tuple([v.number()])) }),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const known = await deviceOf(c).listCommands(channel, 1);
    if (!known.ok) return refused(c, known.refusal);
    return listed(c, c.req.valid("query"), {
      read: async (limit, after) => {
        const read = await deviceOf(c).listCommands(channel, limit, after?.[0]);
        return read.ok ? read.value : [];
      },
      present: presentCommand,
      keyOf: ({ id }) => [id],
    });
  },
);

deviceCommands.post(
  "/:id/commands",
  describeRoute(
    "Give a command to one channel",
    { 201: GivenCommand },
    {
      tag: "commands",
      problems: ["not-found", "conflict", "forbidden"],
      detail:
        "`DeviceLock`, `EraseDevice`, `RestartDevice` and all others of `GET /catalog/commands`. Send JSON, or a property list (XML or binary) with the whole command or only the content of `Command`. A CommandUUID in it is kept. In JSON you may leave out what only the server knows: see docs/commands.md.",
    },
  ),
  allow("helpdesk"),
  query(Delivery),
  bodyOrRaw(NewCommand, plistTypes, { limitBytes: largestBody }),
  idempotent(),
  async (c) => {
    const json = c.req.valid("json");
    const asked = c.req.valid("query");
    const wanted = await wantedOf(json, c.var.bytes);
    if (!wanted.ok) return invalid(c, [wanted.refusal]);
    const id = c.req.param("id");
    const delivery = {
      deviceId: id,
      userId: asked.channel,
      high: (json?.priority ?? asked.priority) === "high",
      expiresAt: json?.expires_at ?? asked.expires_at ?? null,
      origin: c.var.caller.tokenId,
      push: asked.push,
      ifKnown: true,
      carry: (news: readonly QueuedNews[]) => c.set("news", news),
    };
    const ordered = await order(
      c.env,
      { ...wanted.value, delivery, mode: asked.validate, asker: c.var.caller },
      Date.now(),
    );
    if (!ordered.ok) return orderProblem(c, ordered.refusal, json ? "/payload" : "/Command");
    const { header } = ordered.value;
    return c.json(presentGiven(ordered.value), 201, { Location: addressOf(id, header) });
  },
);

deviceCommands.get(
  "/:id/commands/:uuid",
  describeRoute(
    "Read one command with its payload and result",
    { 200: CommandDetail },
    {
      tag: "commands",
      problems: ["not-found"],
      answerTypes: { "application/xml": "A property list (XML)" },
      detail:
        "Secrets are masked. With `Accept: application/xml` the answer is a property list, which keeps the types.",
    },
  ),
  allow("viewer"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const whole = await deviceOf(c).readCommand(channel, c.req.param("uuid"));
    if (whole === undefined)
      return problem(c, "not-found", `no command ${c.req.param("uuid")} is known on this channel`);
    const header = presentCommand(whole.header);
    const { payload, result } = maskedParts(whole);
    if (!wantsPlist(c))
      return c.json({ ...header, payload: jsonOrNull(payload), result: jsonOrNull(result) });
    return c.body(writeForReading({ ...withoutNulls(header), payload, result }), 200, {
      "Content-Type": "application/xml",
    });
  },
);

deviceCommands.delete(
  "/:id/commands/:uuid",
  describeRoute(
    "Cancel a command that the device has not fetched",
    { 200: Command },
    {
      tag: "commands",
      problems: ["not-found", "conflict"],
      detail: "With `force`, also one that it has fetched; the device may still carry it out.",
    },
  ),
  allow("operator"),
  query({ ...channelQuery, force }),
  async (c) => {
    const { channel = "", force } = c.req.valid("query");
    const cancelled = await deviceOf(c).cancelCommand(channel, c.req.param("uuid"), force);
    return cancelled.ok ? c.json(presentCommand(cancelled.value)) : refused(c, cancelled.refusal);
  },
);

const deviceOf = (c: Context<ApiEnv, "/:id/*">) => c.env.DEVICE.getByName(c.req.param("id"));

async function wantedOf(
  json: v.InferOutput<typeof NewCommand> | undefined,
  bytes: Uint8Array,
): Promise<Result<{ wanted: Wanted; uuid: string | undefined }, RequestError>> {
  if (json === undefined) {
    const raw = readRawCommand(bytes);
    if (!raw.ok) return refuse(bodyError(raw.refusal.pointer ?? "", raw.refusal));
    const { requestType, payload, uuid } = raw.value;
    return ok({ wanted: { requestType, payload, complete: false }, uuid });
  }
  const { request_type: requestType, uuid } = json;
  const payload = await payloadFromJson(requestType, json.payload);
  if (!payload.ok) return refuse(bodyError(`/payload${payload.refusal.pointer}`, payload.refusal));
  return ok({ wanted: { requestType, payload: payload.value, complete: true }, uuid });
}

const bodyError = (
  pointer: string,
  { reason, detail }: { reason: string; detail: string },
): RequestError => ({
  pointer,
  code: reason,
  detail,
});

const refused = (c: Context, { reason, detail }: CommandRefusal): Response =>
  problem(c, commandProblems[reason], detail);

// A property list has no null.
const withoutNulls = (header: object): { [key: string]: PlistInput } =>
  Object.fromEntries(Object.entries(header).filter(([, value]) => value !== null));

const addressOf = (id: string, { uuid, userId }: CommandHeader): string =>
  `/api/v1/devices/${encodeURIComponent(id)}/commands/${encodeURIComponent(uuid)}${
    userId === "" ? "" : `?channel=${encodeURIComponent(userId)}`
  }`;
