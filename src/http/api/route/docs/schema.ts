import { html } from "hono/html";
import { code, type Html, nameIn, row, rows, type Schema, sentence } from "./document.ts";

/** A schema in words. */
export function schemaHtml(name: string, schema: Schema): Html {
  const properties = Object.entries(schema.properties ?? {});
  return html`<article id="schema-${name}"><h3><code>${name}</code></h3>
${schema.description ? html`<p>${sentence(schema.description)}</p>` : ""}
${
  properties.length > 0
    ? rows(
        "Fields",
        properties.map(([key, field]) => {
          const required = schema.required?.includes(key) ? html` <small>required</small>` : "";
          return row(
            html`${code(key)}${required}`,
            html`${typeHtml(field)} ${sentence(descriptionOf(field))}`,
          );
        }),
      )
    : html`<p>${typeHtml(schema)}</p>`
}</article>`;
}

/** Where null is allowed too, the description may stand at the other choice. */
const descriptionOf = ({ description, anyOf = [] }: Schema): string =>
  description ?? anyOf.map((choice) => choice.description).find((text) => text !== undefined) ?? "";

/** In a line: its reference, its values, or its type and limits. */
export function typeHtml(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = nameIn(schema.$ref);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return html`${choices.map((choice, index) => html`${index > 0 ? " or " : ""}${typeHtml(choice)}`)}`;
  }
  if (schema.enum !== undefined)
    return html`${schema.enum.map((value, index) => html`${index > 0 ? ", " : ""}${code(JSON.stringify(value))}`)}`;
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
