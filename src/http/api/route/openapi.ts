import { toJsonSchema } from "@valibot/to-json-schema";
import type { Hono } from "hono";
import type { GenericSchema } from "valibot";
import { version } from "../../../../package.json";
import type { ApiEnv } from "./api-env.ts";
import { csvType, tableOf } from "./csv.ts";
import { bodies } from "./examples/bodies.ts";
import { exampleOf, type Schema } from "./examples/generate.ts";
import { answeredText, sentText } from "./examples/texts.ts";
import { operationId } from "./operation-ids.ts";
import { type ProblemSlug, problems, problemType } from "./problem.ts";
import { type RoutePart, routeOf } from "./route-line.ts";
import { itemOf } from "./schemas.ts";
import { tags } from "./tags.ts";

/**
 * The OpenAPI 3.1 description, made from the routes themselves: the description and the validation cannot differ.
 *
 * The surprise: a schema with a `v.title` becomes a component with that name; two with the same name must be equal. Its
 * example is a component of the same name.
 */
export type JsonObject = { [key: string]: unknown };

type Components = { schemas: JsonObject; examples: JsonObject };

export type Operation = { method: string; pattern: string; path: string; part: RoutePart };

/** Every route of the API with the parts of its route line, in the order of mounting. */
export function operationsOf(app: Hono<ApiEnv>): Operation[] {
  const routes = app.routes.filter(({ method }) => method !== "ALL");
  const lines = Map.groupBy(routes, ({ method, path }) => `${method} ${path}`);
  return [...lines.values()].flatMap((handlers) => {
    const [first] = handlers;
    if (first === undefined) return [];
    const part = routeOf(handlers.map(({ handler }) => handler));
    return [{ method: first.method, pattern: first.path, path: openApiPath(first.path), part }];
  });
}

export function describeApi(app: Hono<ApiEnv>): JsonObject {
  const components: Components = { schemas: { Problem: problemSchema }, examples: {} };
  const operations = operationsOf(app);
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    Object.assign(paths[operation.path] ?? {}, {
      [operation.method.toLowerCase()]: describeOperation(operation, components),
    });
  }
  const names = new Set([...Object.keys(tags), ...operations.map(tagOf)]);
  const used = new Set(operations.map(tagOf));
  return {
    openapi: "3.1.0",
    info: {
      title: "edgemdm",
      version,
      description: introduction,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    tags: [...names]
      .filter((name) => used.has(name))
      .map((name) => ({ name, ...(tags[name] !== undefined && { description: tags[name] }) })),
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "An API token" } },
      ...components,
    },
  };
}

const introduction =
  "Lists answer `{items, next_cursor}` and take `limit` and `cursor`. Times are ISO 8601, binary is base64. " +
  "Errors are problem details (RFC 9457). Every answer has an `X-Request-Id`, which is also in the log.";

function describeOperation(operation: Operation, components: Components): JsonObject {
  const { part } = operation;
  return {
    operationId: operationId(operation),
    tags: [tagOf(operation)],
    summary: part.summary ?? "",
    ...(part.detail && { description: part.detail }),
    ...(part.role ? { "x-role": part.role } : { security: [] }),
    ...(part.right && { "x-right": part.right }),
    parameters: parametersOf(operation, components),
    ...bodyOf(operation, components),
    responses: answersOf(part, components),
  };
}

export type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: unknown;
  schema: JsonObject;
};

export function parametersOf({ pattern, part }: Operation, components: Components): Parameter[] {
  const path = part.path && toSchema(part.path, "input", components);
  const query = part.query && toSchema(part.query, "input", components);
  const inPath = [...pattern.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path" as const,
    required: true,
    schema: propertiesOf(path)[name] ?? { type: "string" },
  }));
  const inQuery = Object.entries(propertiesOf(query)).map(([name, { description, ...schema }]) => ({
    name,
    in: "query" as const,
    required: ((query?.required ?? []) as string[]).includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
  const inHeader = (part.headers ?? []).map(({ name, description }) => ({
    name,
    in: "header" as const,
    required: false,
    description,
    schema: { type: "string" },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function bodyOf(operation: Operation, components: Components): JsonObject {
  const { part } = operation;
  const id = operationId(operation);
  const json = part.body && { "application/json": jsonOf(part.body, "input", components) };
  const raw = Object.fromEntries(
    (part.rawTypes ?? []).map((type) => [type, textOf({ type: "string" }, sentText(id, type))]),
  );
  const content = { ...json, ...raw };
  return Object.keys(content).length === 0
    ? {}
    : { requestBody: { required: part.bodyIsOptional !== true, content } };
}

function answersOf(part: RoutePart, components: Components): JsonObject {
  const answers = Object.entries(part.answers ?? {}).map(([status, answer]) => {
    const json =
      typeof answer === "string" ? {} : { "application/json": jsonOf(answer, "output", components) };
    const content = { ...json, ...(Number(status) === 200 && textsOf(part, components)) };
    const description = typeof answer === "string" ? answer : status === "201" ? "Created" : "Done";
    return [status, { description, ...(Object.keys(content).length > 0 && { content }) }];
  });
  const refused = Map.groupBy(new Set(part.problems ?? []), (slug) => problems[slug].status);
  const refusals = [...refused].map(([status, slugs]) => [String(status), problemAnswer(slugs, components)]);
  const fallback = { default: problemAnswer([], components) };
  return { ...Object.fromEntries([...answers, ...refusals]), ...fallback };
}

/** Every list is a table too; the rest stands on the route line. */
function textsOf(part: RoutePart, components: Components): JsonObject {
  const answer = part.answers?.[200];
  const item = answer === undefined || typeof answer === "string" ? undefined : itemOf(answer);
  const table = item && {
    [csvType]: textOf(
      { type: "string", description: "The same as a table (RFC 4180)" },
      tableOf(item, [exampleIn(toSchema(item, "output", components), components)]),
    ),
  };
  const others = Object.entries(part.answerTypes ?? {}).map(([type, description]) => [
    type,
    textOf({ type: "string", description }, answeredText(type)),
  ]);
  return { ...table, ...Object.fromEntries(others) };
}

const textOf = (schema: JsonObject, example: string | undefined): JsonObject => ({
  schema,
  ...(example !== undefined && { example }),
});

/** A schema with its example, which is shared where the schema is. */
function jsonOf(schema: GenericSchema, typeMode: "input" | "output", components: Components): JsonObject {
  const json = toSchema(schema, typeMode, components);
  const example = exampleIn(json, components);
  const name = typeof json.$ref === "string" ? nameIn(json.$ref) : undefined;
  if (name === undefined) return { schema: json, example };
  components.examples[name] = { value: example };
  return { schema: json, examples: { [name]: { $ref: `#/components/examples/${name}` } } };
}

function exampleIn(json: JsonObject, { schemas }: Components): unknown {
  const written = typeof json.$ref === "string" ? bodies[nameIn(json.$ref)] : undefined;
  return written ?? exampleOf(json as Schema, schemas as Record<string, Schema>);
}

const nameIn = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1);

function problemAnswer(slugs: readonly ProblemSlug[], { examples }: Components): JsonObject {
  const named = (slugs.length > 0 ? slugs : (["internal"] as const)).map((slug) => {
    examples[`problem-${slug}`] ??= { value: problemExample(slug) };
    return [slug, { $ref: `#/components/examples/problem-${slug}` }];
  });
  return {
    description: slugs.map((slug) => `${slug}: ${problems[slug].title}`).join("; ") || "Any other problem",
    content: {
      "application/problem+json": {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(named),
      },
    },
  };
}

const problemExample = (slug: ProblemSlug): JsonObject => ({
  type: problemType(slug),
  title: problems[slug].title,
  status: problems[slug].status,
  detail: problems[slug].title,
  request_id: "8f14e45f-ceea-467f-9b2d-0c7a1f6f0a11",
  ...(slug === "invalid-request" && {
    detail: "/name: is missing",
    errors: [{ pointer: "/name", code: "required", detail: "is missing" }],
  }),
});

/** The JSON schema; its titled parts become components, with a reference in their place. */
function toSchema(schema: GenericSchema, typeMode: "input" | "output", components: Components): JsonObject {
  const { $schema, ...json } = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode,
    errorMode: "ignore",
  }) as JsonObject;
  return hoist(json, components.schemas) as JsonObject;
}

function hoist(node: unknown, components: JsonObject): unknown {
  if (Array.isArray(node)) return node.map((item) => hoist(item, components));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, hoist(value, components)]);
  const whole: JsonObject = Object.fromEntries(entries);
  const shaped = plain(whole);
  const { title, ...untitled } = shaped;
  // Where it is an object, it is a property that is called so.
  if (typeof title !== "string") return shaped;
  const known = components[title];
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(untitled)) {
    throw new Error(`two schemas are called ${title}: give one of them another v.title`);
  }
  components[title] = untitled;
  return { $ref: `#/components/schemas/${title}` };
}

/** The same in words that generators of clients know. */
const plain = (schema: JsonObject): JsonObject => listForTuple(enumForConst(schema));

/** One of the two booleans. */
const enumForConst = ({ const: only, ...schema }: JsonObject): JsonObject =>
  typeof only === "boolean"
    ? { ...schema, type: "boolean", enum: [only] }
    : { ...schema, ...(only !== undefined && { const: only }) };

/** A tuple of equal members as a list of that length: generators do not know the schema `false`, or tuples at all. */
function listForTuple({ prefixItems, ...schema }: JsonObject): JsonObject {
  if (!Array.isArray(prefixItems)) return schema;
  const [first, ...others] = prefixItems.map((item) => JSON.stringify(item));
  if (first === undefined || others.some((item) => item !== first))
    throw new Error("a tuple of different members: no generator of clients would know it");
  const length = prefixItems.length;
  return { ...schema, items: JSON.parse(first), minItems: length, maxItems: length };
}

const propertiesOf = (schema: JsonObject | undefined): Record<string, JsonObject> =>
  (schema?.properties ?? {}) as Record<string, JsonObject>;

// Hono's `:name{pattern}` and `:name` -> OpenAPI's `{name}`
const openApiPath = (pattern: string): string => pattern.replace(/:(\w+)(\{[^/]*\})?\??/g, "{$1}");

const segmentsOf = (path: string): string[] => path.replace(/^\/api\/(v1\/)?/, "").split("/");

/** The group of operations that it belongs to. */
export const tagOf = ({ path, part }: Operation): string => part.tag ?? segmentsOf(path)[0] ?? "";

const problemSchema: JsonObject = {
  type: "object",
  description: "RFC 9457",
  required: ["type", "title", "status", "detail", "request_id"],
  properties: {
    type: { type: "string", format: "uri-reference" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What was wrong with this request, and what to do" },
    request_id: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "code", "detail"],
        properties: {
          pointer: { type: "string", description: "A JSON pointer into the body, or names a parameter" },
          code: { type: "string" },
          detail: { type: "string" },
          in: { enum: ["query", "path", "header"] },
        },
      },
    },
  },
};
