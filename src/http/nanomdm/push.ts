import { type Context, Hono } from "hono";
import { mapInFlight } from "../../base/in-flight.ts";
import { orderPush } from "../../commands/order-push.ts";
import { answerText } from "../../push/answer.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { answerResult, type IdOutcome } from "./answers.ts";
import { channelNamed, idsIn, knownAmong, mostAskedAtOnce, mostIds } from "./ids.ts";

export const push = new Hono<ApiEnv>();

push.all("/v1/push/*", async (c) => {
  const ids = idsIn(c, "/v1/push/");
  if (ids.length === 0) return answerResult(c, { push_error: "no enrollment id in the address" });
  if (ids.length > mostIds) return answerResult(c, { push_error: tooMany(ids.length) });
  return answerResult(c, { status: await pushAll(c, ids) });
});

export const tooMany = (count: number): string => `${count} ids; one call takes ${mostIds} at most`;

/** Few are pushed while the call waits, with Apple's answer for each. Many become a batch, which answers for itself. */
export async function pushAll(
  c: Context<ApiEnv>,
  ids: readonly string[],
): Promise<{ [id: string]: IdOutcome }> {
  if (ids.length > mostAskedAtOnce) return pushMany(c, ids);
  const outcomes = await mapInFlight(ids, mostAskedAtOnce, (id) => pushOne(c.env, id));
  return Object.fromEntries(ids.map((id, at) => [id, outcomes[at] ?? {}]));
}

async function pushOne(env: Env, id: string): Promise<IdOutcome> {
  const channel = channelNamed(id);
  if (channel === undefined) return { push_error: badId };
  const pushed = await env.DEVICE.getByName(channel.deviceId).push(channel.userId);
  if (!pushed.ok) return { push_error: pushed.refusal.detail };
  const answer = pushed.value;
  return answer.outcome === "delivered"
    ? { push_result: answer.id ?? "delivered" }
    : { push_error: answerText(answer) };
}

async function pushMany(c: Context<ApiEnv>, ids: readonly string[]): Promise<{ [id: string]: IdOutcome }> {
  const known = await knownAmong(c.env, c.var.db, ids);
  const input = { targets: { ids: [...known] }, rate: null, createdBy: c.var.caller.tokenId };
  const batch = known.size > 0 ? (await orderPush(c.env, input, Date.now())).order.id : "";
  return Object.fromEntries(
    ids.map((id) => [id, known.has(id) ? { push_result: inBatch(batch) } : { push_error: unknownId }]),
  );
}

export const badId = "the id of a device has 1 to 255 printable characters";
export const unknownId = "no device with this id is known";
/** Where its own outcome will stand. */
export const inBatch = (batch: string): string => `/api/v1/batches/${batch}/targets`;
