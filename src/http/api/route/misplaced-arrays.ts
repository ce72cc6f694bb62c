import type { GenericSchema } from "valibot";
import { pointerPart } from "./pointer.ts";
import type { RequestError } from "./request-error.ts";

/**
 * Arrays where the schema wants an object: valibot takes one for an object whose names are its numbers. The schema and the
 * value are walked side by side; where a schema has several ways, any of them may take the array.
 */
type Parts = {
  type: string;
  wrapped?: Parts;
  pipe?: readonly Parts[];
  entries?: Readonly<Record<string, Parts>>;
  value?: Parts;
  item?: Parts;
  options?: readonly Parts[];
};

export const misplacedArrays = (schema: GenericSchema, value: unknown): RequestError[] =>
  walk(schema as Parts, value, "");

function walk(schema: Parts, value: unknown, pointer: string): RequestError[] {
  if (typeof value !== "object" || value === null) return [];
  if (schema.wrapped) return walk(schema.wrapped, value, pointer);
  if (schema.options) return leastOf(schema.options.map((option) => walk(option as Parts, value, pointer)));
  if (/object|record/.test(schema.type)) {
    if (Array.isArray(value)) return [{ pointer, code: "object", detail: "must be an object, not an array" }];
    return Object.entries(value).flatMap(([name, inner]) => {
      const of = schema.type === "record" ? schema.value : own(schema.entries, name);
      return of ? walk(of, inner, `${pointer}/${pointerPart(name)}`) : [];
    });
  }
  if (schema.type === "array" && Array.isArray(value) && schema.item) {
    const { item } = schema;
    return value.flatMap((inner, at) => walk(item, inner, `${pointer}/${at}`));
  }
  return [];
}

const own = (entries: Parts["entries"] = {}, name: string): Parts | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined;

const leastOf = (found: readonly RequestError[][]): RequestError[] =>
  found.reduce((least, one) => (one.length < least.length ? one : least), found[0] ?? []);
