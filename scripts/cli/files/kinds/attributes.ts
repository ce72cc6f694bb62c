import { attributeName, NewAttribute } from "../../../../src/http/api/attributes/attribute-json.ts";
import { namedKind } from "../named-kind.ts";

const bounds: Readonly<Record<string, readonly string[]>> = {
  text: ["minimum", "maximum"],
  number: ["minimum", "maximum"],
  date: ["earliest", "latest"],
  choice: ["choices"],
};

export const attributes = namedKind({
  place: "attributes",
  one: "attribute of devices",
  path: "/attributes",
  schema: NewAttribute,
  name: attributeName,
  fields: ["type", "description", ...new Set(Object.values(bounds).flat())],
  // What one type has, others answer with null and do not take.
  fieldsOf: ({ type }) => ["type", "description", ...(bounds[String(type)] ?? [])],
});
