import { keys, laterTime, notHappened, time, usual, values } from "./values.ts";

/**
 * An example for a JSON schema as the description has it: every field is there, with a value that its name suggests.
 * `unknownText` marks a field that nobody has a value for; a test fails on it.
 */
export type Schema = {
  $ref?: string;
  type?: string;
  description?: string;
  format?: string;
  pattern?: string;
  contentEncoding?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  items?: Schema;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  propertyNames?: Schema;
  additionalProperties?: Schema | boolean;
};

export const unknownText = "…?";

type Place = { component: string; name: string; depth: number };

export function exampleOf(
  schema: Schema,
  components: Readonly<Record<string, Schema>>,
  component = "",
): unknown {
  return build(schema, { component, name: "", depth: 0 });

  function build(node: Schema, at: Place): unknown {
    if (node.$ref !== undefined) {
      const name = node.$ref.slice(node.$ref.lastIndexOf("/") + 1);
      const target = components[name];
      return target === undefined || at.depth > deepest
        ? {}
        : build(target, { component: name, name: at.name, depth: at.depth + 1 });
    }
    if (node.const !== undefined) return node.const;
    if (node.default !== undefined) return (node.type && suggested(node, at)) ?? node.default;
    if (node.enum !== undefined) return node.enum.find((one) => usual.has(one)) ?? node.enum[0];
    const choices = node.anyOf ?? node.oneOf;
    if (choices !== undefined) return build(chosen(choices, at.name, node.description), at);
    switch (node.type) {
      case "object":
        return objectOf(node, at);
      case "array":
        return listOf(node, at);
      case "null":
        return null;
      case "boolean":
        return (
          suggested(node, at) ??
          !/^(is_|has_|no_)?(expired|lost|stale|held|trusted_only|if_none)/.test(at.name)
        );
      case "integer":
      case "number":
        return suggested(node, at) ?? Math.max(node.minimum ?? 1, Math.min(1, node.maximum ?? 1));
      case "string":
        return suggested(node, at) ?? textOf(node, at.name);
      default:
        return suggested(node, at) ?? {};
    }
  }

  function objectOf(node: Schema, at: Place): Record<string, unknown> {
    const fields = Object.entries(node.properties ?? {}).map(([name, field]) => [
      name,
      build(field, { ...at, name }),
    ]);
    if (fields.length > 0 || typeof node.additionalProperties !== "object") return Object.fromEntries(fields);
    const isFree = node.additionalProperties.type !== "object";
    const whole = isFree ? suggested({ type: "object" }, at) : undefined;
    if (whole !== undefined) return whole as Record<string, unknown>;
    const [key] = node.propertyNames?.enum ?? [keys[at.name] ?? "name"];
    return { [String(key)]: build(node.additionalProperties, at) };
  }

  function listOf(node: Schema, at: Place): unknown[] {
    if (node.prefixItems !== undefined) return node.prefixItems.map((item) => build(item, at));
    const one = build(node.items ?? {}, at);
    return Array.from({ length: Math.max(1, node.minItems ?? 1) }, () => one);
  }
}

const deepest = 6;

/** Null only for what has not happened; the description stays with the choice. */
function chosen(choices: Schema[], name: string, description: string | undefined): Schema {
  const nothing = choices.find(({ type }) => type === "null");
  if (nothing && notHappened.has(name)) return nothing;
  const first = choices.find((one) => one !== nothing) ?? {};
  return description === undefined ? first : { description, ...first };
}

function suggested(node: Schema, { component, name }: Place): unknown {
  const known = [...(values[`${component}.${name}`] ?? []), ...(values[name] ?? [])];
  return known.find((value) => fits(value, node));
}

function fits(
  value: unknown,
  { type, pattern, format, minimum, maximum, minLength, maxLength }: Schema,
): boolean {
  if (typeof value === "string") {
    const isTime = format === "date-time";
    return (
      (type === "string" || type === undefined) &&
      (pattern === undefined || new RegExp(pattern, "u").test(value)) &&
      (!isTime || !Number.isNaN(Date.parse(value))) &&
      value.length >= (minLength ?? 0) &&
      value.length <= (maxLength ?? value.length)
    );
  }
  if (typeof value === "number")
    return (
      (type === "number" || (type === "integer" && Number.isInteger(value)) || type === undefined) &&
      value >= (minimum ?? value) &&
      value <= (maximum ?? value)
    );
  if (typeof value === "boolean") return type === "boolean" || type === undefined;
  return type === "object" || type === undefined;
}

function textOf({ format, description = "", contentEncoding }: Schema, name: string): string {
  if (format === "date-time")
    return /expires|until|retires|not_after|ends|next/.test(name) ? laterTime : time;
  if (format === "uri") return "https://mdm.example.com";
  if (format === "email") return "it@example.com";
  if (contentEncoding === "base64" || /\bbase64\b/i.test(description)) return "PD94bWwgdmVyc2lvbj0iMS4wIj8+";
  return unknownText;
}
