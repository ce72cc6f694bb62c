import { html } from "hono/html";
import type { JsonObject } from "./openapi.ts";
import { type ProblemSlug, problems } from "./problem.ts";

/** The OpenAPI description as a page, made only from the document and the table of problems. */
type Document = {
  info: { description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  "x-role"?: string;
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
};
type Schema = JsonObject & {
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
type Html = ReturnType<typeof html>;

export function docsPage(description: JsonObject): Html {
  const document = description as unknown as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      ...operation,
    })),
  );
  const tags = document.tags.map(({ name }) => name);
  return html`<header><h1>edgemdm API</h1>
<p>${plain(document.info.description)} This page as data: <a href="/api/openapi.json">openapi.json</a>.</p>
<pre>curl -H "Authorization: Bearer $TOKEN" https://&lt;your server&gt;/api/v1/tokens</pre>
<p>Roles: <b>viewer</b> reads; <b>operator</b> also changes all but tokens and settings; <b>admin</b> may do everything.</p>
<nav>${tags.map((tag) => html`<a href="#${tag}">${tag}</a> `)}<a href="#schemas">schemas</a> <a href="#problems">problems</a></nav></header>
<main>
${tags.map(
  (tag) => html`<section id="${tag}"><h2>${tag}</h2>
${operations.filter((operation) => operation.tags.includes(tag)).map(operationHtml)}</section>`,
)}
<section id="schemas"><h2>schemas</h2>${Object.entries(document.components.schemas).map(schemaHtml)}</section>
<section id="problems"><h2>problems</h2><dl>${Object.keys(problems).map(problemHtml)}</dl></section>
</main>`;
}

function operationHtml({ path, method, ...operation }: Operation & { path: string; method: string }): Html {
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  return html`<article id="${operation.operationId}">
<h3><code class="${method}">${method}</code> <a href="#${operation.operationId}"><code>${path}</code></a>
<small>${operation["x-role"] ?? "no token needed"}</small></h3>
<p>${operation.summary}.${operation.description ? ` ${plain(operation.description)}` : ""}</p>
${operation.parameters.length > 0 ? rows("Parameters", operation.parameters.map(parameterHtml)) : ""}
${
  bodies.length > 0
    ? rows(
        "Body",
        bodies.map(([type, { schema }]) => row(code(type), schema ? typeHtml(schema) : "as it is")),
      )
    : ""
}
${rows("Answers", Object.entries(operation.responses).map(answerHtml))}
</article>`;
}

const parameterHtml = ({
  name,
  in: place,
  required,
  description,
  schema,
}: Operation["parameters"][number]): Html =>
  row(
    html`${code(name)} <small>${place}${required ? ", required" : ""}</small>`,
    html`${typeHtml(schema)} ${description ?? ""}`,
  );

function answerHtml([status, answer]: [string, Operation["responses"][string]]): Html {
  const [schema] = Object.values(answer.content ?? {}).map((content) => content.schema);
  const isProblem = "application/problem+json" in (answer.content ?? {});
  return row(code(status), html`${answer.description} ${schema && !isProblem ? typeHtml(schema) : ""}`);
}

function schemaHtml([name, schema]: [string, Schema]): Html {
  const properties = Object.entries(schema.properties ?? {});
  return html`<article id="schema-${name}"><h3><code>${name}</code></h3>
${
  properties.length > 0
    ? rows(
        "Fields",
        properties.map(([key, property]) => {
          const required = schema.required?.includes(key) ? html` <small>required</small>` : "";
          return row(
            html`${code(key)}${required}`,
            html`${typeHtml(property)} ${property.description ?? ""}`,
          );
        }),
      )
    : typeHtml(schema)
}</article>`;
}

function problemHtml(slug: string): Html {
  const { status, title } = problems[slug as ProblemSlug];
  return html`<dt id="problem-${slug}"><code>${status} ${slug}</code></dt><dd>${title}.</dd>`;
}

/** A schema in a line: its reference, its values, or its type and limits. */
function typeHtml(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return html`${choices.map((choice, index) => html`${index > 0 ? " or " : ""}${typeHtml(choice)}`)}`;
  }
  if (schema.enum !== undefined)
    return html`${schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code> `)}`;
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.items !== undefined) return html`list of ${typeHtml(schema.items)}`;
  if (schema.properties !== undefined) return inlineObject(schema.properties);
  if (typeof schema.additionalProperties === "object") {
    return html`names with ${typeHtml(schema.additionalProperties)}`;
  }
  const type = [schema.type ?? "anything"].flat().join(" or ");
  return html`${type}${limits(schema)}`;
}

const inlineObject = (properties: Record<string, Schema>): Html =>
  html`{ ${Object.entries(properties).map(([name, property], index) => html`${index > 0 ? ", " : ""}${code(name)}: ${typeHtml(property)}`)} }`;

const limitNames = ["format", "minimum", "maximum", "minLength", "maxLength", "pattern", "default"];

function limits(schema: Schema): string {
  const told = limitNames.filter((name) => schema[name] !== undefined);
  return told.length === 0
    ? ""
    : ` (${told.map((name) => `${name} ${JSON.stringify(schema[name])}`).join(", ")})`;
}

const code = (text: string): Html => html`<code>${text}</code>`;
const row = (name: Html, value: Html | string): Html => html`<tr><th>${name}</th><td>${value}</td></tr>`;
const rows = (title: string, content: Html[]): Html =>
  html`<table><caption>${title}</caption>${content}</table>`;
const plain = (text: string): Html =>
  html`${text.split("`").map((part, index) => (index % 2 === 1 ? code(part) : part))}`;

export const docsStyle = `
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: .75rem 0; border-bottom: 1px solid var(--line) }
h2 { margin-top: 3rem } h3 { font-size: 1rem; margin: 0 } h3 a { text-decoration: none }
article { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
article:target, dt:target { outline: 2px solid var(--link); outline-offset: 2px }
small { color: var(--quiet); font-weight: normal }
pre { background: var(--soft); padding: .75rem; border-radius: .5rem; overflow-x: auto }
table { width: 100%; border-collapse: collapse; margin-top: .75rem }
caption { text-align: left; color: var(--quiet); font-size: .8125rem }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere }
th { width: 16rem } dd { margin: 0 0 .5rem }
.DELETE { color: light-dark(#b3261e, #ff8a80) } .GET { color: light-dark(#1b6e3a, #7ddc9a) } .POST, .PUT, .PATCH { color: light-dark(#8a5300, #f0bf6b) }
@media (max-width: 40rem) { th { width: 8rem } }
`;
