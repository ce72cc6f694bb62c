import { Hono } from "hono";
import * as v from "valibot";
import {
  deleteDefinition,
  findDefinition,
  listDefinitions,
  mostDefinitions,
  putDefinition,
} from "../../../db/attributes.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, params, query } from "../route/validate.ts";
import { Attribute, attributeName, NewAttribute, presentAttribute, rowOf } from "./attribute-json.ts";

/** Definitions of attributes; the values are set with the device (`PATCH /devices/{id}`). */
const named = { name: attributeName };

export const attributes = new Hono<ApiEnv>();

attributes.get(
  "/",
  describeRoute("List the defined attributes by name", { 200: pageOf(Attribute) }),
  allow("viewer"),
  query(listQuery(Attribute, v.tuple([v.string()]))),
  async (c) =>
    listed(c, c.req.valid("query"), {
      read: (limit, after) => listDefinitions(c.var.db, limit, after?.[0]),
      present: presentAttribute,
      keyOf: ({ name }) => [name] as [string],
    }),
);

attributes.get(
  "/:name",
  describeRoute("Read one definition", { 200: Attribute }, { problems: ["not-found"] }),
  allow("viewer"),
  params(named),
  async (c) => {
    const { name } = c.req.valid("param");
    const row = await findDefinition(c.var.db, name);
    return row ? c.json(presentAttribute(row)) : problem(c, "not-found", undefinedYet(name));
  },
);

attributes.put(
  "/:name",
  describeRoute(
    "Say what an attribute of devices may be",
    { 200: Attribute },
    {
      problems: ["conflict"],
      detail:
        "It holds for values that are written from now on; values that devices have already stay as they are. An attribute without a definition is any text of up to 1,000 characters.",
    },
  ),
  allow("operator"),
  params(named),
  body(NewAttribute),
  async (c) => {
    const { name } = c.req.valid("param");
    const row = await putDefinition(c.var.db, rowOf(name, c.req.valid("json"), Date.now()));
    return row
      ? c.json(presentAttribute(row))
      : problem(c, "conflict", `${mostDefinitions} attributes are defined already, which is the most`);
  },
);

attributes.delete(
  "/:name",
  describeRoute(
    "Delete a definition",
    { 204: "Deleted" },
    { problems: ["not-found"], detail: "The values of devices stay, and may be any text from then on." },
  ),
  allow("operator"),
  params(named),
  async (c) => {
    const { name } = c.req.valid("param");
    return (await deleteDefinition(c.var.db, name))
      ? c.body(null, 204)
      : problem(c, "not-found", undefinedYet(name));
  },
);

const undefinedYet = (name: string): string => `no attribute ${JSON.stringify(name)} is defined`;
