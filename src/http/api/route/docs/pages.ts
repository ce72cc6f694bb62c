import type { Context } from "hono";
import { html } from "hono/html";
import { page } from "../../../page.ts";
import type { JsonObject } from "../openapi.ts";
import { problems } from "../problem.ts";
import {
  addressOf,
  type Document,
  type Html,
  type Operation,
  operationsOf,
  readDocument,
  schemasIn,
  sentence,
} from "./document.ts";
import { operationHtml } from "./operation.ts";
import { schemaHtml } from "./schema.ts";
import { search } from "./search.ts";
import { docsStyle } from "./style.ts";

/**
 * The description as pages without scripts: the first has every operation in a line, a group has a page of its own with
 * its schemas, and the server searches.
 */
export function docs(
  c: Context,
  description: JsonObject,
  { group, q = "" }: { group?: string | undefined; q?: string | undefined },
): Response | Promise<Response> {
  const document = readDocument(description);
  const show = (title: string, content: Html) => page(c, title, docsStyle, content, { forms: "'self'" });
  if (group === undefined)
    return q.trim() === ""
      ? show("edgemdm API", firstPage(document))
      : show(`${q} - edgemdm API`, searchPage(document, q));
  const shown = groupPage(document, group);
  if (shown === undefined) c.status(404);
  return show(`${group} - edgemdm API`, shown ?? missingPage(document, group));
}

function firstPage(document: Document): Html {
  return frame(
    document,
    {},
    html`<p>${sentence(document.introduction)} For programs: <a href="/api/openapi.json">openapi.json</a>.</p>
<pre>export EDGEMDM=https://&lt;your server&gt; TOKEN=&lt;your token&gt;
curl -H "Authorization: Bearer $TOKEN" "$EDGEMDM/api/v1/devices"</pre>
<p>Roles: <b>viewer</b> reads; <b>helpdesk</b> also helps one device at a time; <b>operator</b> also changes all but tokens and settings; <b>admin</b> may do everything. Each operation names the least role that it needs.</p>
${document.groups.map(
  ({ name, description }) => html`<section id="${name}"><h2><a href="/api/docs?group=${name}">${name}</a></h2>
${description ? html`<p>${sentence(description)}.</p>` : ""}${lines(operationsOf(document, name))}</section>`,
)}
<section><h2>What is refused</h2><p>Each refusal is a problem document with one of these types.</p>
<dl>${Object.entries(problems).map(
      ([slug, { status, title }]) =>
        html`<dt id="problem-${slug}"><code>${status} ${slug}</code></dt><dd>${title}.</dd>`,
    )}</dl></section>`,
  );
}

/** undefined: there is no such group. */
function groupPage(document: Document, name: string): Html | undefined {
  const group = document.groups.find((one) => one.name === name);
  if (group === undefined) return undefined;
  const operations = operationsOf(document, name);
  const schemas = schemasIn(operations, document.schemas);
  return frame(
    document,
    { group: name },
    html`<h2>${name}</h2>
${group.description ? html`<p>${sentence(group.description)}.</p>` : ""}${lines(operations)}
${operations.map((operation) => operationHtml(operation, document))}
${schemas.length > 0 ? html`<h2>Schemas</h2>${schemas.map((schema) => schemaHtml(schema, document.schemas[schema] ?? {}))}` : ""}`,
  );
}

function searchPage(document: Document, text: string): Html {
  const found = search(document, text);
  return frame(
    document,
    { text },
    found.length === 0
      ? html`<h2>Nothing has “${text}”</h2><p>Search for a word of a path, a field or a sentence, such as <a href="/api/docs?q=lock">lock</a>.</p>`
      : html`<h2>${found.length} with “${text}”</h2>${lines(found)}`,
  );
}

const missingPage = (document: Document, group: string): Html =>
  frame(document, {}, html`<h2>No group is called “${group}”</h2><p>All groups stand above.</p>`);

const lines = (operations: readonly Operation[]): Html =>
  html`<ul class="lines">${operations.map(
    (operation) =>
      html`<li id="${operation.operationId}-line"><code class="${operation.method}">${operation.method}</code><a href="${addressOf(operation)}"><code>${operation.path.replace("/api/v1", "")}</code></a><span>${sentence(operation.summary)}</span></li>`,
  )}</ul>`;

const frame = (
  document: Document,
  { group, text = "" }: { group?: string; text?: string },
  content: Html,
): Html => html`<header><h1><a href="/api/docs">edgemdm API</a></h1>
<form role="search" action="/api/docs"><input type="search" name="q" value="${text}" maxlength="100" aria-label="Words to search for" placeholder="Search"> <button>Search</button></form></header>
<nav>${document.groups.map(({ name }) =>
  name === group
    ? html`<a href="/api/docs?group=${name}" aria-current="page">${name}</a> `
    : html`<a href="/api/docs?group=${name}">${name}</a> `,
)}</nav>
<main>${content}</main>`;
