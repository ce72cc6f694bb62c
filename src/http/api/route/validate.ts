import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { GenericSchema, InferInput, InferOutput } from "valibot";
import * as v from "valibot";
import { ok } from "../../../base/result.ts";
import { type BodyRefusal, readBody } from "../../body.ts";
import type { ApiEnv } from "./api-env.ts";
import { wantsCsv } from "./csv.ts";
import { type JsonRefusal, parseJson, unwritableText } from "./json.ts";
import { misplacedArrays } from "./misplaced-arrays.ts";
import { pointerPart } from "./pointer.ts";
import { problem } from "./problem.ts";
import { type RequestError, requestError } from "./request-error.ts";
import { isReservedName } from "./reserved-names.ts";
import { telling } from "./route-line.ts";
import { greatestOf } from "./schemas.ts";

/**
 * Validators for a route line: body, query and path against valibot schemas, all errors at once. The OpenAPI
 * description shows the same schemas.
 */
export const defaultBodyLimit = 1024 * 1024;

type Validated<Target extends string, Schema extends GenericSchema> = {
  in: { [Key in Target]: InferInput<Schema> };
  out: { [Key in Target]: InferOutput<Schema> };
};

/**
 * A JSON body. The handler gets it as `c.req.valid("json")`, the bytes as `c.var.bytes`. If it is `optional`, a missing
 * body counts as an empty object.
 */
export const body = <Schema extends GenericSchema>(
  schema: Schema,
  { limitBytes = defaultBodyLimit, optional = false } = {},
): MiddlewareHandler<ApiEnv, string, Validated<"json", Schema>> =>
  telling(
    {
      body: schema,
      bodyIsOptional: optional,
      problems: ["malformed-json", "invalid-request", "body-too-large", "unsupported-media-type"],
    },
    createMiddleware<ApiEnv, string, Validated<"json", Schema>>(async (c, next) => {
      const typeless = optional && mediaType(c) === "";
      if (!typeless && !isJson(mediaType(c))) return wrongType(c, ["application/json"]);
      const bytes = await readBody(c.req.raw, limitBytes);
      if (!bytes.ok) return tooLarge(c, bytes.refusal);
      c.set("bytes", bytes.value);
      const json = optional && bytes.value.length === 0 ? ok({}) : parseJson(bytes.value);
      if (!json.ok) return unreadable(c, json.refusal);
      const unwritable = unwritableText(json.value);
      if (unwritable) return invalid(c, [unwritable]);
      const misplaced = misplacedArrays(schema, json.value);
      if (misplaced.length > 0) return invalid(c, misplaced);
      const checked = v.safeParse(schema, json.value);
      if (!checked.success)
        return invalid(
          c,
          checked.issues.map((issue) => requestError(issue)),
        );
      c.req.addValidatedData("json", checked.output as object);
      return next();
    }),
  );

/** The schema of a body that may be anything. */
export const anyType = ["*/*"];

/** A body taken unchanged, by content type. The handler gets it as `c.var.bytes`. */
export const rawBody = (
  types: readonly string[],
  { limitBytes = defaultBodyLimit } = {},
): MiddlewareHandler<ApiEnv> =>
  telling(
    { rawTypes: types, problems: ["body-too-large", "unsupported-media-type"] },
    createMiddleware<ApiEnv>(async (c, next) => {
      if (types !== anyType && !types.includes(mediaType(c))) return wrongType(c, types);
      const bytes = await readBody(c.req.raw, limitBytes);
      if (!bytes.ok) return tooLarge(c, bytes.refusal);
      c.set("bytes", bytes.value);
      return next();
    }),
  );

/**
 * JSON, or one of the raw content types: for a raw body `c.req.valid("json")` is undefined, and the handler uses
 * `c.var.bytes`.
 */
export const bodyOrRaw = <Schema extends GenericSchema>(
  schema: Schema,
  types: readonly string[],
  options: { limitBytes?: number } = {},
): MiddlewareHandler<ApiEnv, string, Validated<"json", v.OptionalSchema<Schema, undefined>>> => {
  const json = body(schema, options);
  const raw = rawBody(types, options);
  return telling(
    { body: schema, rawTypes: types, problems: ["malformed-json", "invalid-request", "body-too-large"] },
    createMiddleware<ApiEnv, string, Validated<"json", v.OptionalSchema<Schema, undefined>>>((c, next) =>
      types.includes(mediaType(c)) ? raw(c, next) : json(c as Parameters<typeof json>[0], next),
    ),
  );
};

/** Query parameters. Their texts are converted to what the schema wants: numbers, booleans, arrays for repeated ones. */
export const query = <Entries extends v.ObjectEntries>(
  entries: Entries,
): MiddlewareHandler<ApiEnv, string, Validated<"query", v.StrictObjectSchema<Entries, undefined>>> => {
  const schema = v.strictObject(entries);
  return telling(
    { query: schema, problems: ["invalid-request"] },
    createMiddleware<ApiEnv, string, Validated<"query", typeof schema>>(async (c, next) => {
      const reserved = namesIn(c).filter(isReservedName);
      if (reserved.length > 0) return invalid(c, reserved.map(unknownParameter));
      const given = Object.entries(c.req.queries()).map(([name, texts]) => [
        name,
        typed(entries[name], texts),
      ]);
      const checked = v.safeParse(schema, { ...longestPage(c, entries), ...Object.fromEntries(given) });
      if (!checked.success)
        return invalid(
          c,
          checked.issues.map((issue) => requestError(issue, "query")),
        );
      c.req.addValidatedData("query", checked.output);
      return next();
    }),
  );
};

/** Who wants a table wants all of it: a page is as long as it can be, unless told otherwise. */
const longestPage = (c: Context, { limit }: v.ObjectEntries): { limit?: number } => {
  const most = limit && wantsCsv(c) ? greatestOf(limit as GenericSchema) : undefined;
  return most === undefined ? {} : { limit: most };
};

/** Path parameters with a form of their own; those without one need no validator. */
export const params = <Entries extends v.ObjectEntries>(
  entries: Entries,
): MiddlewareHandler<ApiEnv, string, Validated<"param", v.ObjectSchema<Entries, undefined>>> => {
  const schema = v.object(entries);
  return telling(
    { path: schema, problems: ["invalid-request"] },
    createMiddleware<ApiEnv, string, Validated<"param", typeof schema>>(async (c, next) => {
      const checked = v.safeParse(schema, c.req.param());
      if (!checked.success)
        return invalid(
          c,
          checked.issues.map((issue) => requestError(issue, "path")),
        );
      c.req.addValidatedData("param", checked.output);
      return next();
    }),
  );
};

/** The same answer for rules that a schema cannot express, such as two fields that must agree. */
export const invalid = (c: Context, errors: RequestError[]): Response =>
  problem(
    c,
    "invalid-request",
    errors.map(({ pointer, detail }) => `${pointer || "/"}: ${detail}`).join("; "),
    {
      errors,
    },
  );

function unreadable(c: Context, refusal: JsonRefusal): Response {
  if (refusal.reason === "malformed-json") return problem(c, "malformed-json", refusal.detail);
  const detail = "is a name that cannot be used here";
  return invalid(
    c,
    refusal.pointers.map((pointer) => ({ pointer, code: "reserved-name", detail })),
  );
}

/** Read from the address itself: an object of names would lose some. */
const namesIn = (c: Context): string[] => [...new Set(new URL(c.req.url).searchParams.keys())];

const unknownParameter = (name: string): RequestError => ({
  pointer: `/${pointerPart(name)}`,
  code: "unknown",
  detail: "is not a known name",
  in: "query",
});

/** In lower case, without parameters; empty when none is named. */
export const mediaType = (c: Context): string =>
  (c.req.header("Content-Type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

const isJson = (type: string): boolean => type === "application/json" || /^application\/.+\+json$/.test(type);

const wrongType = (c: Context, wanted: readonly string[]): Response =>
  problem(
    c,
    "unsupported-media-type",
    `send the body as ${wanted.join(" or ")}, not ${mediaType(c) || "without a content type"}`,
    { headers: { Accept: wanted.join(", ") } },
  );

const tooLarge = (c: Context, { limitBytes }: BodyRefusal): Response =>
  problem(c, "body-too-large", `the body has more than ${limitBytes} bytes, the limit here`);

type Wrapping = { type: string; wrapped?: Wrapping };

function typed(schema: GenericSchema | undefined, texts: string[]): unknown {
  let inner = schema as Wrapping | undefined;
  while (inner?.wrapped !== undefined) inner = inner.wrapped;
  if (inner?.type === "array") return texts;
  const [text, second] = texts;
  // We do not guess which of two values counts; an array fits no other schema.
  if (text === undefined || second !== undefined) return texts;
  if (inner?.type === "number") return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (inner?.type === "boolean") return text === "true" || (text === "false" ? false : text);
  return text;
}
