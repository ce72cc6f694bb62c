import { Hono } from "hono";
import * as v from "valibot";
import {
  countDeclarationStates,
  type DeclarationStateRow,
  listDeclarationStates,
} from "../../../db/declaration-states.ts";
import { declarationStates } from "../../../declarations/states.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime } from "../route/times.ts";
import { query } from "../route/validate.ts";
import { DeclarationOnChannel, State } from "./declaration-status-json.ts";

const Counts = v.pipe(
  v.object(Object.fromEntries(declarationStates.map((state) => [state, v.number()]))),
  v.description("Counts over all channels that should have it"),
);

export const declarationStatus = new Hono<ApiEnv>();

declarationStatus.get(
  "/:identifier/status",
  describeRoute(
    "List the channels that should have a declaration, and its state on each",
    { 200: v.object({ ...pageOf(DeclarationOnChannel).entries, counts: Counts }) },
    { tag: "declarations", detail: "This is what each device last reported, with a short delay." },
  ),
  allow("viewer"),
  query({
    state: v.optional(State),
    ...listQuery(DeclarationOnChannel, v.tuple([v.string(), v.string(), v.string()])),
  }),
  async (c) => {
    const { state } = c.req.valid("query");
    const identifier = c.req.param("identifier");
    const counted = await countDeclarationStates(c.var.db, identifier);
    const counts = new Map(counted.map((row) => [row.state, row.channels]));
    return listed(
      c,
      c.req.valid("query"),
      {
        read: (limit, after) => listDeclarationStates(c.var.db, identifier, state, limit, after),
        present: presentRow,
        keyOf: (row) => [row.state, row.deviceId, row.userId],
      },
      { counts: Object.fromEntries(declarationStates.map((name) => [name, counts.get(name) ?? 0])) },
    );
  },
);

const presentRow = ({ deviceId, userId, state, serverToken, reasons, updatedAt }: DeclarationStateRow) => ({
  device_id: deviceId,
  channel: userId || null,
  state,
  server_token: serverToken,
  reasons,
  updated_at: isoTime(updatedAt),
});
