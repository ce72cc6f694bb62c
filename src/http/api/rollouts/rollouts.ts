import { type Context, Hono } from "hono";
import * as v from "valibot";
import {
  cancelRollout,
  finishRollout,
  type OrderRefusal,
  resumeRollout,
} from "../../../assignment/rollout-orders.ts";
import type { Result } from "../../../base/result.ts";
import { findRollout, itemsOfRollout, listRollouts, type RolloutRow } from "../../../db/rollouts.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { query } from "../route/validate.ts";
import {
  presentChange,
  presentRollout,
  RolloutDetail,
  RolloutJson,
  rolloutKinds,
  rolloutStates,
} from "./rollout-json.ts";

export const rollouts = new Hono<ApiEnv>();

rollouts.get(
  "/",
  describeRoute("List the rollouts, newest first", { 200: pageOf(RolloutJson) }),
  allow("viewer"),
  query({
    state: v.optional(v.picklist(rolloutStates)),
    kind: v.optional(v.picklist(rolloutKinds)),
    subject: v.optional(v.pipe(v.string(), v.maxLength(400), v.description("An identifier or a name"))),
    ...listQuery(RolloutJson, v.tuple([v.number(), v.string()])),
  }),
  async (c) => {
    const { state, kind, subject } = c.req.valid("query");
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listRollouts(c.var.db, { state, kind, subject }, limit, after),
      present: presentRollout,
      keyOf: ({ createdAt, id }) => [createdAt, id],
    });
  },
);

rollouts.get(
  "/:id",
  describeRoute(
    "Read one rollout, and what it changes",
    { 200: RolloutDetail },
    {
      problems: ["not-found"],
      detail: "The numbers are counted every few minutes, by the job `rollouts`; `counted_at` says when.",
    },
  ),
  allow("viewer"),
  async (c) => {
    const row = await findRollout(c.var.db, c.req.param("id"));
    return row ? c.json(await detailOf(c, row)) : unknown(c);
  },
);

rollouts.post(
  "/:id/resume",
  describeRoute(
    "Let a halted rollout go on",
    { 200: RolloutDetail },
    {
      problems: ["not-found", "conflict"],
      detail:
        "The devices that have failed or were silent so far are accepted: it halts again only when more of them do. The open ring has its hours again.",
    },
  ),
  allow("operator"),
  async (c) => answer(c, await resumeRollout(c.env, c.req.param("id"), c.var.caller.tokenId, Date.now())),
);

rollouts.post(
  "/:id/finish",
  describeRoute(
    "Give the change to all devices now",
    { 200: RolloutDetail },
    { problems: ["not-found", "conflict"] },
  ),
  allow("operator"),
  async (c) => answer(c, await finishRollout(c.env, c.req.param("id"), c.var.caller.tokenId, Date.now())),
);

rollouts.post(
  "/:id/cancel",
  describeRoute(
    "Take the change back from the devices that have it",
    { 200: RolloutDetail },
    {
      problems: ["not-found", "conflict"],
      detail:
        "The former content becomes the newest version again, and a set gets its former content. Devices that the rollout had not reached notice nothing.",
    },
  ),
  allow("operator"),
  async (c) => answer(c, await cancelRollout(c.env, c.req.param("id"), c.var.caller.tokenId, Date.now())),
);

async function answer(c: Context<ApiEnv>, done: Result<RolloutRow, OrderRefusal>): Promise<Response> {
  if (done.ok) return c.json(await detailOf(c, done.value));
  const { refusal } = done;
  switch (refusal.reason) {
    case "unknown":
      return unknown(c);
    case "over":
      return problem(c, "conflict", `the rollout is over: it is ${refusal.state}`);
    case "busy":
      return problem(c, "conflict", "the rollout was changed at the same moment; read it and try again");
    case "no-way-back":
      return problem(c, "conflict", refusal.detail);
  }
}

const detailOf = async (
  c: Context<ApiEnv>,
  row: RolloutRow,
): Promise<v.InferInput<typeof RolloutDetail>> => ({
  ...presentRollout(row),
  changes: (await itemsOfRollout(c.var.db, row.id)).map(presentChange),
});

const unknown = (c: Context): Response => problem(c, "not-found", `no rollout ${c.req.param("id")} is known`);
