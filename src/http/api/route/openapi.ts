import { toJsonSchema } from "@valibot/to-json-schema";
import type { Hono } from "hono";
import type { GenericSchema } from "valibot";
import { version } from "../../../../package.json";
import type { ApiEnv } from "./api-env.ts";
import { csvType } from "./csv.ts";
import { operationId } from "./operation-ids.ts";
import { type ProblemSlug, problems } from "./problem.ts";
import { type RoutePart, routeOf } from "./route-line.ts";
import { itemOf } from "./schemas.ts";
import { tags } from "./tags.ts";

/**
 * The OpenAPI 3.1 description, made from the routes themselves: the description and the validation cannot differ.
 *
 * The surprise: a schema with a `v.title` becomes a component with that name; two with the same name must be equal.
 */
export type JsonObject = { [key: string]: unknown };

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
  const components: JsonObject = { Problem: problemSchema };
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
      schemas: components,
    },
  };
}

const introduction =
  "Lists answer `{items, next_cursor}` and take `limit` and `cursor`. Times are ISO 8601, binary is base64. " +
  "Errors are problem details (RFC 9457). Every answer has an `X-Request-Id`, which is also in the log.";

function describeOperation(operation: Operation, components: JsonObject): JsonObject {
  const { part } = operation;
  return {
    operationId: operationId(operation),
    tags: [tagOf(operation)],
    summary: part.summary ?? "",
    ...(part.detail && { description: part.detail }),
    ...(part.role ? { "x-role": part.role } : { security: [] }),
    parameters: parametersOf(operation, components),
    ...bodyOf(part, components),
    responses: answersOf(part, components),
  };
}

function parametersOf({ pattern, part }: Operation, components: JsonObject): JsonObject[] {
  const path = part.path && toSchema(part.path, "input", components);
  const query = part.query && toSchema(part.query, "input", components);
  const inPath = [...pattern.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: propertiesOf(path)[name] ?? { type: "string" },
  }));
  const inQuery = Object.entries(propertiesOf(query)).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: ((query?.required ?? []) as string[]).includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
  const inHeader = (part.headers ?? []).map(({ name, description }) => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string" },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function bodyOf(part: RoutePart, components: JsonObject): JsonObject {
  const json = part.body && { "application/json": { schema: toSchema(part.body, "input", components) } };
  const raw = Object.fromEntries((part.rawTypes ?? []).map((type) => [type, { schema: { type: "string" } }]));
  const content = { ...json, ...raw };
  return Object.keys(content).length === 0
    ? {}
    : { requestBody: { required: part.bodyIsOptional !== true, content } };
}

function answersOf(part: RoutePart, components: JsonObject): JsonObject {
  const answers = Object.entries(part.answers ?? {}).map(([status, answer]) => {
    const isRead = Number(status) === 200;
    const others = isRead ? typesOf(part) : {};
    if (typeof answer === "string")
      return [status, { description: answer, ...(Object.keys(others).length > 0 && { content: others }) }];
    const json = { "application/json": { schema: toSchema(answer, "output", components) } };
    return [status, { description: status === "201" ? "Created" : "Done", content: { ...json, ...others } }];
  });
  const refused = Map.groupBy(new Set(part.problems ?? []), (slug) => problems[slug].status);
  const refusals = [...refused].map(([status, slugs]) => [String(status), problemAnswer(slugs)]);
  const fallback = { default: problemAnswer([]) };
  return { ...Object.fromEntries([...answers, ...refusals]), ...fallback };
}

/** Every list is a table too; the rest stands on the route line. */
function typesOf(part: RoutePart): JsonObject {
  const answer = part.answers?.[200];
  const isList = answer !== undefined && typeof answer !== "string" && itemOf(answer) !== undefined;
  const types = { ...(isList && { [csvType]: "The same as a table (RFC 4180)" }), ...part.answerTypes };
  return Object.fromEntries(
    Object.entries(types).map(([type, description]) => [type, { schema: { type: "string", description } }]),
  );
}

const problemAnswer = (slugs: readonly ProblemSlug[]): JsonObject => ({
  description: slugs.map((slug) => `${slug}: ${problems[slug].title}`).join("; ") || "Any other problem",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

/** The JSON schema; its titled parts become components, with a reference in their place. */
function toSchema(schema: GenericSchema, typeMode: "input" | "output", components: JsonObject): JsonObject {
  const { $schema, ...json } = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode,
    errorMode: "ignore",
  }) as JsonObject;
  return hoist(json, components) as JsonObject;
}

function hoist(node: unknown, components: JsonObject): unknown {
  if (Array.isArray(node)) return node.map((item) => hoist(item, components));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, hoist(value, components)]);
  const whole: JsonObject = Object.fromEntries(entries);
  const { title, ...untitled } = whole;
  if (typeof title !== "string") return whole;
  const known = components[title];
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(untitled)) {
    throw new Error(`two schemas are called ${title}: give one of them another v.title`);
  }
  components[title] = untitled;
  return { $ref: `#/components/schemas/${title}` };
}

const propertiesOf = (schema: JsonObject | undefined): Record<string, JsonObject> =>
  (schema?.properties ?? {}) as Record<string, JsonObject>;

// Hono's `:name{pattern}` and `:name` -> OpenAPI's `{name}`
const openApiPath = (pattern: string): string => pattern.replace(/:(\w+)(\{[^/]*\})?\??/g, "{$1}");

const segmentsOf = (path: string): string[] => path.replace(/^\/api\/(v1\/)?/, "").split("/");

const tagOf = ({ path, part }: Operation): string => part.tag ?? segmentsOf(path)[0] ?? "";

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
