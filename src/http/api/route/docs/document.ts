import { html } from "hono/html";
import type { JsonObject } from "../openapi.ts";

/** What the pages of the documentation read from the OpenAPI description, and small pieces that they share. */
export type Html = ReturnType<typeof html>;

export type Schema = JsonObject & {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  const?: unknown;
  additionalProperties?: Schema | boolean;
  properties?: Record<string, Schema>;
  required?: string[];
};

export type Content = Record<
  string,
  { schema?: Schema; example?: unknown; examples?: Record<string, { $ref: string }> }
>;

export type Operation = {
  method: string;
  path: string;
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  "x-role"?: string;
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};

export type Document = {
  introduction: string;
  groups: { name: string; description?: string }[];
  operations: Operation[];
  schemas: Record<string, Schema>;
  examples: Record<string, { value: unknown }>;
};

export function readDocument(description: JsonObject): Document {
  const { info, tags, paths, components } = description as unknown as {
    info: { description: string };
    tags: Document["groups"];
    paths: Record<string, Record<string, Omit<Operation, "method" | "path">>>;
    components: Pick<Document, "schemas" | "examples">;
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
    })),
  );
  return { introduction: info.description, groups: tags, operations, ...components };
}

export const operationsOf = ({ operations }: Document, group: string): Operation[] =>
  operations.filter(({ tags }) => tags.includes(group));

export const nameIn = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1);

/** The schemas that these parts of the document name, and those that they name in turn, by their names. */
export function schemasIn(parts: unknown, schemas: Document["schemas"]): string[] {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { $ref } = node as Schema;
    const name = typeof $ref === "string" && $ref.includes("/schemas/") ? nameIn($ref) : undefined;
    if (name !== undefined && !found.has(name)) {
      found.add(name);
      walk(schemas[name]);
    }
    for (const one of Object.values(node)) walk(one);
  };
  walk(parts);
  // Every refusal is a problem, which is told once.
  found.delete("Problem");
  return [...found].sort();
}

export const addressOf = ({ tags, operationId }: Operation): string =>
  `/api/docs?group=${encodeURIComponent(tags[0] ?? "")}#${operationId}`;

export const code = (text: string): Html => html`<code>${text}</code>`;

/** A sentence with code between backticks. */
export const sentence = (text: string): Html =>
  html`${text.split("`").map((part, index) => (index % 2 === 1 ? code(part) : part))}`;

export const row = (name: Html, value: Html | string): Html =>
  html`<tr><th>${name}</th><td>${value}</td></tr>`;

export const rows = (title: string, content: Html[]): Html =>
  content.length === 0 ? html`` : html`<table><caption>${title}</caption>${content}</table>`;
