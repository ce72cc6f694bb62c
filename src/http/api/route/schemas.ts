import type { GenericSchema } from "valibot";

/** What a schema of valibot says of itself, read from its parts. */
type Piece = { type: string; title?: unknown; requirement?: unknown };
type Parts = { type: string; pipe?: readonly Piece[]; wrapped?: Parts; entries?: object; item?: Parts };

/** Its `v.title`. */
export const titleOf = (schema: GenericSchema): string | undefined => {
  const title = (schema as Parts).pipe?.find(({ type }) => type === "title")?.title;
  return typeof title === "string" ? title : undefined;
};

/** The schema of the items, where this is the schema of a list. */
export function itemOf(schema: GenericSchema): GenericSchema | undefined {
  const items = ((schema as Parts).entries as { items?: Parts } | undefined)?.items;
  return items?.type === "array" ? (items.item as GenericSchema | undefined) : undefined;
}

/** The greatest number that it takes. */
export function greatestOf(schema: GenericSchema): number | undefined {
  let inner: Parts = schema as Parts;
  while (inner.wrapped !== undefined) inner = inner.wrapped;
  const most = inner.pipe?.find(({ type }) => type === "max_value")?.requirement;
  return typeof most === "number" ? most : undefined;
}

/** The schemas of an object's fields. */
export const entriesOf = (schema: GenericSchema): Record<string, GenericSchema> | undefined => {
  let inner: Parts = schema as Parts;
  while (inner.wrapped !== undefined) inner = inner.wrapped;
  return inner.entries as Record<string, GenericSchema> | undefined;
};

/** The names of the fields that an object always has. */
export const requiredOf = (schema: GenericSchema): string[] =>
  Object.entries(entriesOf(schema) ?? {})
    .filter(([, entry]) => !(entry as Parts).type.includes("optional"))
    .map(([name]) => name);
