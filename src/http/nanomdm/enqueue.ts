import { type Context, Hono } from "hono";
import { includesRole } from "../../admin/roles.ts";
import { loadSettings } from "../../admin/settings.ts";
import type { Bytes } from "../../base/bytes.ts";
import { mapInFlight } from "../../base/in-flight.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { Finding } from "../../catalog/finding.ts";
import { batchObject } from "../../commands/batch-object.ts";
import { type RawCommand, readRawCommand } from "../../commands/command.ts";
import { isDestructive } from "../../commands/destructive.ts";
import { type OrderRefusal, order } from "../../commands/order.ts";
import { type BatchRefusal, orderBatch } from "../../commands/order-batch.ts";
import { announceServerEvent } from "../../events/announce.ts";
import { readPlist } from "../../plist/read.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { readBody } from "../body.ts";
import { type ApiResult, answerResult, type IdOutcome } from "./answers.ts";
import { channelNamed, idsIn, knownAmong, mostAskedAtOnce, mostIds } from "./ids.ts";
import { badId, inBatch, pushAll, tooMany, unknownId } from "./push.ts";

const largestBody = 3 * 1024 * 1024;

/**
 * A command to the ids of the address. It is taken as it is sent, since scripts were written for a server that looks at
 * nothing: what the catalogue has to say comes as a header and an event.
 */
export const enqueue = new Hono<ApiEnv>();

enqueue.all("/v1/enqueue/*", async (c) => {
  const ids = idsIn(c, "/v1/enqueue/");
  const quiet = Boolean(c.req.query("nopush"));
  if (ids.length === 0) return answerResult(c, { command_error: "no enrollment id in the address" });
  if (ids.length > mostIds) return answerResult(c, { command_error: tooMany(ids.length) });
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return answerResult(c, { command_error: `the body has more than ${largestBody} bytes` });
  const operates = includesRole(c.var.caller.role, "operator");
  if (ids.length > 1 && !operates)
    return answerResult(c, { command_error: `${ids.length} ids in one call need the role operator` });
  if (body.value.length === 0) {
    if (quiet) return answerResult(c, { command_error: "must enqueue or push" });
    if (!operates) return answerResult(c, { push_error: "a push needs the role operator" });
    return answerResult(c, { status: await pushAll(c, ids) });
  }
  const command = readCommand(body.value);
  if (!command.ok) return answerResult(c, { command_error: command.refusal });
  const about: ApiResult = {
    ...(quiet && { no_push: true as const }),
    command_uuid: command.value.uuid,
    request_type: command.value.requestType,
  };
  const given = await give(c, command.value, ids, quiet);
  if (!given.ok) return answerResult(c, { ...about, command_error: given.refusal });
  // Of whom nothing is to be said there is no line, as when nobody is pushed and all went well.
  const lines = Object.entries(given.value).filter(([, outcome]) => Object.keys(outcome).length > 0);
  return answerResult(c, { ...(lines.length > 0 && { status: Object.fromEntries(lines) }), ...about });
});

/** Other than at `/api/v1`, a command comes whole and with its UUID: clients find its answer by that. */
function readCommand(body: Bytes): Result<RawCommand, string> {
  const raw = readRawCommand(body);
  if (!raw.ok) return refuse(raw.refusal.detail);
  const whole = readPlist(body);
  const given = whole.ok && whole.value instanceof Map ? whole.value : new Map<string, unknown>();
  return given.has("Command") && given.has("CommandUUID")
    ? ok(raw.value)
    : refuse("the property list needs CommandUUID and Command, with its RequestType");
}

type Outcomes = { [id: string]: IdOutcome };

async function give(
  c: Context<ApiEnv>,
  command: RawCommand,
  ids: readonly string[],
  quiet: boolean,
): Promise<Result<Outcomes, string>> {
  const careful = ids.length > 1 && isDestructive(command.requestType, command.payload);
  if (careful && !(await loadSettings(c.env, Date.now())).compat_destructive) {
    const why = `${command.requestType} cannot be taken back: send it to one id at a time, or by POST /api/v1/batches with its confirmation (setting compat_destructive)`;
    return ok(Object.fromEntries(ids.map((id) => [id, { command_error: why }])));
  }
  return careful || ids.length > mostAskedAtOnce
    ? giveMany(c, command, ids, quiet)
    : ok(await giveEach(c, command, ids, quiet));
}

async function giveEach(
  c: Context<ApiEnv>,
  command: RawCommand,
  ids: readonly string[],
  quiet: boolean,
): Promise<Outcomes> {
  const warnings: Finding[] = [];
  const errors = await mapInFlight(ids, mostAskedAtOnce, async (id) => {
    const given = await giveOne(c, command, id);
    if (given.ok) warnings.push(...given.value);
    return given.ok ? {} : { command_error: given.refusal };
  });
  await warn(c, command, warnings);
  // NanoMDM wakes those too whose command failed. Who may not push gets no push by a command that is refused.
  const operates = includesRole(c.var.caller.role, "operator");
  const woken = operates ? ids : ids.filter((_, at) => Object.keys(errors[at] ?? {}).length === 0);
  const pushes = quiet ? {} : await pushAll(c, woken);
  return Object.fromEntries(ids.map((id, at) => [id, { ...pushes[id], ...errors[at] }]));
}

async function giveOne(
  c: Context<ApiEnv>,
  { uuid, requestType, payload }: RawCommand,
  id: string,
): Promise<Result<Finding[], string>> {
  const channel = channelNamed(id);
  if (channel === undefined) return refuse(badId);
  const ordered = await order(
    c.env,
    {
      wanted: { requestType, payload, complete: false },
      uuid,
      delivery: {
        deviceId: channel.deviceId,
        userId: channel.userId || undefined,
        origin: c.var.caller.tokenId,
        push: false,
        ifKnown: true,
        carry: (news) => c.set("news", [...(c.var.news ?? []), ...news]),
      },
      mode: "warn",
      asker: c.var.caller,
    },
    Date.now(),
  );
  return ordered.ok ? ok(ordered.value.findings) : refuse(whyRefused(ordered.refusal));
}

async function giveMany(
  c: Context<ApiEnv>,
  { uuid, requestType, payload }: RawCommand,
  ids: readonly string[],
  quiet: boolean,
): Promise<Result<Outcomes, string>> {
  const { caller, db } = c.var;
  if (await batchObject(c.env, uuid).describe())
    return refuse(`the CommandUUID ${uuid} was used before; choose another one`);
  const known = await knownAmong(c.env, db, ids);
  if (known.size > 0) {
    const ordered = await orderBatch(
      c.env,
      {
        id: uuid,
        requestType,
        payload,
        targets: { ids: [...known] },
        mode: "warn",
        expiresAt: null,
        rate: null,
        high: false,
        push: !quiet,
        confirm: known.size,
        createdBy: caller.tokenId,
        isAdmin: includesRole(caller.role, "admin"),
      },
      Date.now(),
    );
    if (!ordered.ok) return refuse(whyRefused(ordered.refusal));
    await warn(c, { uuid, requestType, payload }, ordered.value.findings);
  }
  const told = quiet ? {} : { push_result: inBatch(uuid) };
  return ok(Object.fromEntries(ids.map((id) => [id, known.has(id) ? told : { command_error: unknownId }])));
}

const whyRefused = (refusal: OrderRefusal | BatchRefusal): string =>
  "detail" in refusal
    ? refusal.detail
    : refusal.findings.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; ");

const mostWarnings = 10;

/** `Warning: 299` is for programs that read headers; the event is for all others. */
async function warn(
  c: Context<ApiEnv>,
  { uuid, requestType }: RawCommand,
  findings: readonly Finding[],
): Promise<void> {
  const texts = [...new Set(findings.map(({ pointer, detail }) => `${pointer}: ${detail}`))];
  if (texts.length === 0) return;
  for (const text of texts.slice(0, mostWarnings))
    c.header("Warning", `299 edgemdm "${text.replaceAll(/[^\x20-\x7e]|["\\]/g, " ")}"`, { append: true });
  const detail = {
    command: uuid,
    request_type: requestType,
    by: c.var.caller.tokenId,
    warnings: texts.join("; ").slice(0, 1000),
  };
  await announceServerEvent(c.env, { name: "command.warned", detail }, Date.now());
}
