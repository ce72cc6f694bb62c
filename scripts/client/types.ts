// TypeScript types of the API, from its OpenAPI description. Pure: a description in, the text of a module out.
//
// The surprise: a client of ours is called with the address as the description spells it (`/devices/{id}`), so the types
// are one table for each method, by address. What an address takes in its path is read from the address itself.

export type JsonSchema = {
  type?: string | readonly string[];
  description?: string;
  enum?: readonly unknown[];
  const?: unknown;
  $ref?: string;
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  prefixItems?: readonly JsonSchema[];
};

type Content = Readonly<Record<string, { schema: JsonSchema }>>;

type Operation = {
  summary: string;
  description?: string;
  parameters: readonly {
    name: string;
    in: string;
    required: boolean;
    description?: string;
    schema: JsonSchema;
  }[];
  requestBody?: { required: boolean; content: Content };
  responses: Readonly<Record<string, { content?: Content }>>;
  "x-role"?: string;
  "x-right"?: string;
};

export type Description = {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: { schemas: Readonly<Record<string, JsonSchema>> };
};

const prefix = "/api/v1";
const methods = ["get", "post", "put", "patch", "delete"] as const;

/** The module with the types. */
export function typesOf(description: Description): string {
  const schemas = Object.entries(description.components.schemas).map(
    ([name, schema]) => `${commentOf(schema.description, 1)}  ${name}: ${typeOf(schema, 1)};`,
  );
  const tables = methods.map((method) => {
    const lines = operationsOf(description, method).map(
      ([path, operation]) =>
        `${commentOf(operation.summary, 2)}    ${JSON.stringify(path)}: ${entryOf(operation)};`,
    );
    return `  ${method}: {\n${lines.join("\n")}\n  };`;
  });
  return [
    origin,
    "/** A body that is no JSON: its content type, and what is sent. */\nexport type Bytes<Type extends string = string> = { readonly type: Type; readonly bytes: Uint8Array | string };\n",
    `/** What goes in and comes out, by the names of the description. */\nexport type Schemas = {\n${schemas.join("\n")}\n};\n`,
    `/** Every operation: method, address, what it takes and what it answers. */\nexport type Operations = {\n${tables.join("\n")}\n};\n`,
  ].join("\n");
}

/** The module with the addresses whose POST takes an Idempotency-Key. */
export function repeatableOf(description: Description): string {
  const paths = operationsOf(description, "post")
    .filter(([, { parameters }]) => parameters.some(({ name }) => name === "Idempotency-Key"))
    .map(([path]) => `  ${JSON.stringify(path)},`)
    .sort();
  return `${origin}\n/** POSTs that take an Idempotency-Key: sent again with the same key, they are done once. */\nexport const repeatable: ReadonlySet<string> = new Set([\n${paths.join("\n")}\n]);\n`;
}

/** The module with what the console's buttons need: the calls that a viewer may not make. */
export function accessOf(description: Description): string {
  const lines = methods.flatMap((method) =>
    operationsOf(description, method)
      .filter(([, { "x-role": role }]) => role !== undefined && role !== "viewer")
      .map(([path, { "x-role": role, "x-right": right }]) => {
        const needed = right === undefined ? role : `${role} ${right}`;
        return `  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: ${JSON.stringify(needed)},`;
      }),
  );
  return `${origin}\n/** The role, or also a right that is enough. What is not here, a viewer may ask. */\nexport const access = {\n${lines.join("\n")}\n} as const;\n`;
}

const origin = "// Made by `npm run client` from the API's own description. Not edited by hand.\n";

function operationsOf({ paths }: Description, method: string): [path: string, operation: Operation][] {
  return Object.entries(paths).flatMap(([path, known]) => {
    const operation = known[method];
    if (operation === undefined || !path.startsWith(`${prefix}/`)) return [];
    return [[path.slice(prefix.length), operation] as [string, Operation]];
  });
}

function entryOf({ parameters, requestBody, responses }: Operation): string {
  const query = parameters.filter((parameter) => parameter.in === "query");
  const asked = query.length === 0 ? [] : [`query${requiredOf(query)}: ${queryOf(query)}`];
  return `{ ${[...asked, ...bodyOf(requestBody), `answer: ${answerOf(responses)}`].join("; ")} }`;
}

const requiredOf = (parameters: Operation["parameters"]): string =>
  parameters.some(({ required }) => required) ? "" : "?";

const queryOf = (parameters: Operation["parameters"]): string =>
  `{\n${parameters
    .map(({ name, required, description, schema }) =>
      memberOf(name, { ...schema, ...(description && { description }) }, required, 3),
    )
    .join("\n")}\n    }`;

/** JSON, or bytes of a type that is named beside them. */
function bodyOf(body: Operation["requestBody"]): string[] {
  if (body === undefined) return [];
  const { "application/json": json, ...others } = body.content;
  const types = Object.keys(others).map((type) => (type === "*/*" ? "string" : JSON.stringify(type)));
  const forms = [
    ...(json ? [typeOf(json.schema, 2)] : []),
    ...(types.length > 0 ? [`Bytes<${types.join(" | ")}>`] : []),
  ];
  return [`body${body.required ? "" : "?"}: ${forms.join(" | ")}`];
}

/** The JSON of every success; what has none is read as it is. */
function answerOf(responses: Operation["responses"]): string {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  const types = successes.map(([, { content }]) => {
    const json = content?.["application/json"];
    return json ? typeOf(json.schema, 2) : "undefined";
  });
  return [...new Set(types)].join(" | ");
}

function typeOf(schema: JsonSchema, depth: number): string {
  if (schema.$ref !== undefined) return `Schemas[${JSON.stringify(schema.$ref.split("/").at(-1))}]`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return [...new Set(forms.map((form) => typeOf(form, depth)))].join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array":
      return arrayOf(schema, depth);
    case "object":
      return objectOf(schema, depth);
    default:
      return "unknown";
  }
}

function arrayOf({ items, prefixItems }: JsonSchema, depth: number): string {
  if (prefixItems !== undefined) return `[${prefixItems.map((item) => typeOf(item, depth)).join(", ")}]`;
  const item = items === undefined ? "unknown" : typeOf(items, depth);
  // An object's own braces keep together what is inside; those of several objects do not.
  const isSeveral = items?.anyOf !== undefined || items?.oneOf !== undefined;
  return isSeveral || (/[|&]/.test(item) && !item.startsWith("{")) ? `(${item})[]` : `${item}[]`;
}

function objectOf(schema: JsonSchema, depth: number): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.entries(properties);
  const others = typeof additionalProperties === "object" ? typeOf(additionalProperties, depth) : "unknown";
  if (names.length === 0) return `Record<string, ${additionalProperties === false ? "never" : others}>`;
  const lines = names.map(([name, property]) => memberOf(name, property, required.includes(name), depth + 1));
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

/** What may be left out may also be `undefined`, which is left out of JSON and of addresses. */
function memberOf(name: string, schema: JsonSchema, isRequired: boolean, depth: number): string {
  const type = typeOf(schema, depth);
  const key = `${"  ".repeat(depth)}${keyOf(name)}`;
  return `${commentOf(schema.description, depth)}${key}${isRequired ? `: ${type}` : `?: ${type} | undefined`};`;
}

const keyOf = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

const commentOf = (text: string | undefined, depth: number): string =>
  text === undefined || text === ""
    ? ""
    : `${"  ".repeat(depth)}/** ${text.replaceAll("*/", "* /").replace(/\s+/g, " ")} */\n`;
