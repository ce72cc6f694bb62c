import { html } from "hono/html";
import {
  type Content,
  code,
  type Document,
  type Html,
  nameIn,
  type Operation,
  row,
  rows,
  sentence,
} from "./document.ts";
import { typeHtml } from "./schema.ts";

/** One operation with its parameters, body, answers and examples. */
export function operationHtml(operation: Operation, document: Document): Html {
  const { method, path, operationId, summary, description, requestBody, responses } = operation;
  const bodies = Object.entries(requestBody?.content ?? {});
  return html`<article id="${operationId}">
<h3><code class="${method}">${method}</code> <a href="#${operationId}"><code>${path}</code></a>
<small>${operation["x-role"] ?? "no token needed"}</small></h3>
<p>${sentence(summary)}.${description ? html` ${sentence(description)}` : ""}</p>
${rows("Parameters", operation.parameters.map(parameterHtml))}
${rows(
  "Body",
  bodies.map(([type, { schema }]) => row(code(type), schema ? typeHtml(schema) : "as it is")),
)}
${rows("Answers", Object.entries(responses).map(answerHtml))}
<details><summary>Example</summary><pre>${callOf(operation, document)}</pre>${answerExample(operation, document)}</details>
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
    html`${typeHtml(schema)} ${sentence(description ?? "")}`,
  );

function answerHtml([status, answer]: [string, Operation["responses"][string]]): Html {
  const [schema] = Object.values(answer.content ?? {}).map((content) => content.schema);
  const isProblem = "application/problem+json" in (answer.content ?? {});
  return row(
    code(status),
    html`${sentence(answer.description)} ${schema && !isProblem ? typeHtml(schema) : ""}`,
  );
}

/** As one types it into a shell, where a quote within quotes is written `'\''`. */
function callOf({ method, path, requestBody, ...operation }: Operation, document: Document): string {
  const [type, example] = exampleIn(requestBody?.content ?? {}, document) ?? [];
  const lines = [
    `curl${method === "GET" ? "" : ` -X ${method}`} "$EDGEMDM${path}"`,
    ...(operation["x-role"] ? [`-H "Authorization: Bearer $TOKEN"`] : []),
    ...(type ? [`-H "Content-Type: ${type}"`, `-d '${example?.replaceAll("'", "'\\''")}'`] : []),
  ];
  return lines.join(" \\\n  ");
}

function answerExample({ responses }: Operation, document: Document): Html | "" {
  const [status, answer] = Object.entries(responses).find(([one]) => one.startsWith("2")) ?? [];
  const [, example] = exampleIn(answer?.content ?? {}, document) ?? [];
  return example === undefined ? "" : html`<pre>${`${status}\n\n${example}`}</pre>`;
}

/** The first content type that has one. */
function exampleIn(content: Content, { examples }: Document): [string, string] | undefined {
  for (const [type, one] of Object.entries(content)) {
    const [shared] = Object.values(one.examples ?? {});
    const value = shared ? examples[nameIn(shared.$ref)]?.value : one.example;
    if (value !== undefined)
      return [type, typeof value === "string" ? value : JSON.stringify(value, null, 2)];
  }
  return undefined;
}
