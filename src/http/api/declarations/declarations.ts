import { type Context, Hono } from "hono";
import * as v from "valibot";
import { findAssetFile } from "../../../db/asset-files.ts";
import {
  type DeclarationRow,
  findDeclaration,
  findVersion,
  listDeclarations,
  listVersions,
} from "../../../db/declarations.ts";
import type { Json } from "../../../declarations/canonical-json.ts";
import { declarationKinds } from "../../../declarations/declaration.ts";
import { differencesBetween } from "../../../declarations/difference.ts";
import { planOf } from "../../../library/declaration-plan.ts";
import {
  removeDeclaration,
  restoreDeclaration,
  type Saved,
  saveDeclaration,
  touch,
} from "../../../library/declarations.ts";
import { validateQuery } from "../commands/order-json.ts";
import { unknownPlan } from "../rollouts/asked-plan.ts";
import { askedPlan } from "../rollouts/plan-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, page, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, query } from "../route/validate.ts";
import {
  contentOf,
  DeclarationEntryJson,
  DeclarationJson,
  DeclarationPlan,
  DifferenceJson,
  declarationProblem,
  NewDeclaration,
  presentDeclaration,
  presentEntry,
  presentVersion,
  presentWarnings,
  SavedDeclaration,
  VersionJson,
} from "./declaration-json.ts";

const byIdentifier = v.tuple([v.string()]);
const byChannel = v.tuple([v.string(), v.string()]);
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1));

const changeQuery = {
  ...validateQuery,
  notify: v.optional(
    v.pipe(v.boolean(), v.description("false: devices find the change when they next ask")),
    true,
  ),
  dry_run: v.optional(
    v.pipe(v.boolean(), v.description("true: changes nothing and answers what would change, and for whom")),
    false,
  ),
  rollout: v.optional(askedPlan),
  ...pageQuery(byChannel),
};

export const declarations = new Hono<ApiEnv>();

declarations.get(
  "/",
  describeRoute("List the declarations of the library, by identifier", { 200: pageOf(DeclarationEntryJson) }),
  allow("viewer"),
  query({
    type: v.optional(v.string()),
    kind: v.optional(v.picklist(declarationKinds)),
    ...listQuery(DeclarationEntryJson, byIdentifier),
  }),
  async (c) => {
    const { type, kind } = c.req.valid("query");
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listDeclarations(c.var.db, { type, kind }, limit, after?.[0]),
      present: presentEntry,
      keyOf: ({ identifier }) => [identifier],
    });
  },
);

declarations.get(
  "/:identifier",
  describeRoute("Read one declaration", { 200: DeclarationJson }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findDeclaration(c.var.db, c.req.param("identifier"));
    return row ? c.json(await presented(c, row)) : unknown(c);
  },
);

declarations.put(
  "/:identifier",
  describeRoute(
    "Save a declaration; saving the same content again changes nothing",
    { 200: v.union([SavedDeclaration, DeclarationPlan]), 201: SavedDeclaration },
    {
      problems: ["conflict"],
      detail:
        "Devices that have it through their sets are notified. `dry_run=true` answers the plan and saves nothing. Percent-encode a slash in the identifier.",
    },
  ),
  allow("operator"),
  query(changeQuery),
  body(NewDeclaration),
  async (c) => {
    // It changes nothing, and an editor asks again with every change of its text.
    if (c.req.valid("query").dry_run) c.set("audit", "never");
    const { identifier: named, ...content } = contentOf(c.req.valid("json"));
    const identifier = c.req.param("identifier");
    if (named !== undefined && named !== identifier) {
      const detail = `the address says ${identifier}`;
      return invalid(c, [{ pointer: "/Identifier", code: "other-identifier", detail }]);
    }
    const planned = await unknownPlan(c, c.req.valid("query").rollout, "/rollout", "query");
    if (planned !== undefined) return planned;
    const saved = await saveDeclaration(c.env, identifier, content, terms(c), Date.now());
    return saved.ok ? answer(c, saved.value) : declarationProblem(c, saved.refusal);
  },
);

declarations.delete(
  "/:identifier",
  describeRoute(
    "Delete a declaration that nothing uses, with its versions",
    { 204: "Deleted" },
    {
      problems: ["not-found", "conflict"],
      detail: "A refusal names what uses it: declarations in `referrers`, sets in `sets`.",
    },
  ),
  allow("operator"),
  async (c) => {
    const removed = await removeDeclaration(c.env, c.req.param("identifier"));
    return removed.ok ? c.body(null, 204) : declarationProblem(c, removed.refusal);
  },
);

declarations.post(
  "/:identifier/touch",
  describeRoute(
    "Make every device that has it fetch it again, although its content is the same",
    { 200: DeclarationJson },
    { problems: ["not-found", "conflict"] },
  ),
  allow("operator"),
  query({ notify: changeQuery.notify }),
  async (c) => {
    const { notify } = c.req.valid("query");
    const touched = await touch(c.env, c.req.param("identifier"), !notify, Date.now());
    return touched.ok ? c.json(await presented(c, touched.value)) : declarationProblem(c, touched.refusal);
  },
);

declarations.get(
  "/:identifier/versions",
  describeRoute("List the versions of a declaration, newest first", { 200: pageOf(VersionJson) }),
  allow("viewer"),
  query(listQuery(VersionJson, v.tuple([v.number()]))),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listVersions(c.var.db, c.req.param("identifier"), limit, after?.[0]),
      present: presentVersion,
      keyOf: ({ version }) => [version],
    });
  },
);

declarations.post(
  "/:identifier/versions/:version/restore",
  describeRoute(
    "Save an older version as the newest one",
    { 200: v.union([SavedDeclaration, DeclarationPlan]) },
    { problems: ["not-found", "conflict"] },
  ),
  allow("operator"),
  query(changeQuery),
  idempotent(),
  async (c) => {
    const version = Number(c.req.param("version"));
    if (!Number.isSafeInteger(version)) return unknown(c);
    const identifier = c.req.param("identifier");
    const planned = await unknownPlan(c, c.req.valid("query").rollout, "/rollout", "query");
    if (planned !== undefined) return planned;
    const saved = await restoreDeclaration(c.env, identifier, version, terms(c), Date.now());
    return saved.ok ? answer(c, saved.value) : declarationProblem(c, saved.refusal);
  },
);

declarations.get(
  "/:identifier/diff",
  describeRoute(
    "Compare two versions",
    { 200: v.object({ from: v.number(), to: v.number(), differences: v.array(DifferenceJson) }) },
    { problems: ["not-found"], detail: "Without `to`, it compares with the current version." },
  ),
  allow("viewer"),
  query({ from: wholeNumber, to: v.optional(wholeNumber) }),
  async (c) => {
    const { from, to } = c.req.valid("query");
    const identifier = c.req.param("identifier");
    const latest = to ?? (await findDeclaration(c.var.db, identifier))?.version ?? 0;
    const [older, newer] = await Promise.all(
      [from, latest].map((version) => findVersion(c.var.db, identifier, version)),
    );
    if (!older || !newer)
      return problem(c, "not-found", `${identifier} has no such version (the last 100 are kept)`);
    return c.json({
      from,
      to: latest,
      differences: differencesBetween(comparable(older), comparable(newer)),
    });
  },
);

const terms = (c: Context<ApiEnv, string, { out: { query: v.InferOutput<typeof Change> } }>) => {
  const { validate: mode, notify, dry_run: dryRun, rollout } = c.req.valid("query");
  return { by: c.var.caller.tokenId, mode, quiet: !notify, dryRun, ...(rollout && { rollout }) };
};
const Change = v.object(changeQuery);

async function answer(
  c: Context<ApiEnv, string, { out: { query: v.InferOutput<typeof Change> } }>,
  saved: Saved,
): Promise<Response> {
  const { dry_run: dryRun, limit, cursor } = c.req.valid("query");
  const { outcome, row } = saved;
  const warnings = presentWarnings(saved);
  if (!dryRun) {
    const location = `/api/v1/declarations/${encodeURIComponent(row.identifier)}`;
    const rollout = saved.rollout ?? null;
    return c.json(
      { ...(await presented(c, row)), outcome, warnings, rollout },
      outcome === "created" ? 201 : 200,
      {
        Location: location,
      },
    );
  }
  const { sets, channels, isComplete, names } = await planOf(c.var.db, saved, limit + 1, cursor);
  return c.json({
    outcome,
    warnings,
    differences: differencesBetween(saved.before && comparable(saved.before), comparable(row)),
    sets,
    channels,
    channels_complete: isComplete,
    ...page(names, limit, presentChannel, ({ deviceId, userId }) => [deviceId, userId]),
  });
}

const presentChannel = ({ deviceId, userId }: { deviceId: string; userId: string }) => ({
  device_id: deviceId,
  channel: userId || null,
});

const comparable = ({ type, payload, dataSha256 }: Pick<DeclarationRow, "type" | "payload" | "dataSha256">) =>
  ({ type, payload, data_sha256: dataSha256 }) as { [key: string]: Json };

const presented = async (c: Context<ApiEnv>, row: DeclarationRow) =>
  presentDeclaration(
    row,
    row.dataSha256 === null ? undefined : await findAssetFile(c.var.db, row.dataSha256),
  );

const unknown = (c: Context): Response =>
  problem(c, "not-found", `no declaration ${c.req.param("identifier")} is known`);
