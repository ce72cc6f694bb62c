import { Hono } from "hono";
import * as v from "valibot";
import { jsonSchemaOf } from "../../../catalog/json-schema.ts";
import { idsOf, listEntries, specOf } from "../../../catalog/lookup.ts";
import { nearMiss } from "../../../catalog/near-miss.ts";
import { commonPayloadKeys, withCommonKeys } from "../../../catalog/payload-keys.ts";
import { type Kind, platforms, type Spec } from "../../../catalog/spec.ts";
import { isVersion } from "../../../catalog/version.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { countQuery, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { query } from "../route/validate.ts";
import { spellKeys } from "./catalog-keys.ts";

/** The parts of the catalogue that are shown: the path, the kind of entry, and Apple's name for its identifier. */
const shelves = [
  { path: "commands", kind: "commands", id: "request_type", one: "command" },
  { path: "profiles", kind: "profiles", id: "payload_type", one: "profile payload" },
  { path: "declarations", kind: "declarations", id: "type", one: "declaration" },
  { path: "status-items", kind: "status-items", id: "name", one: "status item" },
] as const satisfies { path: string; kind: Kind; id: string; one: string }[];

const Platforms = v.pipe(
  v.record(v.picklist(platforms), v.nullable(v.looseObject({}))),
  v.description(
    "What Apple's schema says about each platform, in its own words; null where it does not exist",
  ),
);

const Keys = v.pipe(
  v.array(v.looseObject({ name: v.string(), type: v.string() })),
  v.description(
    "Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers",
  ),
);

const summary = (id: string) => v.object({ [id]: v.string(), platforms: Platforms });

const details = (id: string) =>
  v.object({
    [id]: v.string(),
    platforms: Platforms,
    keys: Keys,
    response: v.exactOptional(Keys),
    apply: v.exactOptional(v.picklist(["single", "multiple", "combined"])),
    reasons: v.exactOptional(v.array(v.looseObject({ value: v.string() }))),
    "related-status-items": v.exactOptional(v.array(v.string())),
  });

const filters = {
  platform: v.optional(v.picklist([...platforms, "ipados"])),
  os: v.optional(
    v.pipe(
      v.string(),
      v.check(isVersion, "must be a version such as 17.4"),
      v.description("Only what that version has and has not removed"),
    ),
  ),
};

const byId = v.tuple([v.string()]);

export const catalog = new Hono<ApiEnv>();

for (const { path, kind, id, one } of shelves) {
  catalog.get(
    `/${path}`,
    describeRoute(`List every ${one} in Apple's schema, by name`, { 200: pageOf(summary(id)) }),
    allow("viewer"),
    query({ ...pageQuery(byId), ...countQuery, ...filters }),
    async (c) => {
      const { platform, os } = c.req.valid("query");
      const entries = await listEntries(kind, { platform: platform === "ipados" ? "ios" : platform, os });
      const present = (entry: (typeof entries)[number]) => ({ [id]: entry.id, platforms: entry.os });
      return listed(c, c.req.valid("query"), {
        read: async (limit, after) =>
          entries.filter((entry) => after === undefined || entry.id > after[0]).slice(0, limit),
        present,
        keyOf: (entry) => [entry.id],
      });
    },
  );

  catalog.get(
    `/${path}/:${id}`,
    describeRoute(
      `Read which keys one ${one} takes and where it works`,
      { 200: details(id) },
      {
        problems: ["not-found"],
        answerTypes: { "application/schema+json": "A JSON Schema (2020-12)" },
        detail: "With `format=json-schema` the answer is a JSON Schema (2020-12), for editors.",
      },
    ),
    allow("viewer"),
    query({ format: v.optional(v.picklist(["json-schema"])) }),
    async (c) => {
      const name = c.req.param(id) ?? "";
      const spec = await specOf(kind, name);
      if (!spec)
        return problem(c, "not-found", `the catalogue has no ${one} ${name}${await didYouMean(kind, name)}`);
      if (c.req.valid("query").format === "json-schema")
        return c.body(JSON.stringify(await schemaOf(spec)), 200, {
          "Content-Type": "application/schema+json",
        });
      return c.json({ [id]: spec.id, ...present(spec) });
    },
  );
}

function present({ os, keys, response, kind: _kind, id: _id, file: _file, ...facts }: Spec) {
  return {
    platforms: os,
    keys: spellKeys(keys, "/keys"),
    ...(response && { response: spellKeys(response, "/response") }),
    ...facts,
  };
}

/** The schema of what a caller writes: a payload with the keys that all payloads share, or a status item's plain value. */
async function schemaOf(spec: Spec) {
  if (spec.kind === "profiles") return jsonSchemaOf(withCommonKeys(spec, await commonPayloadKeys()));
  return spec.kind === "status-items" ? jsonSchemaOf(spec, spec.keys[0]) : jsonSchemaOf(spec);
}

async function didYouMean(kind: Kind, name: string): Promise<string> {
  const suggestion = nearMiss(name, await idsOf(kind));
  return suggestion ? `; did you mean ${suggestion}?` : "";
}
