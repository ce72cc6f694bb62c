import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { describe, expect, test } from "vitest";
import { secretNames } from "../../scripts/secrets.ts";
import { settingEntries } from "../../src/admin/setting-entries.ts";

const project = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(resolve(project, path), "utf8");
const configuration = read("docs/configuration.md");

/** The rows of the tables under one heading, and what their first cell names. */
function rowsUnder(heading: string): { name: string; row: string }[] {
  const section = configuration.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const rows = section.matchAll(/^\| `([^`]+)` *\|.*$/gm);
  return [...rows].map(([row, name = ""]) => ({ name, row: row.replace(/ +\|/g, " |") }));
}

describe("docs/configuration.md", () => {
  test("knows each variable, secret and binding that env.ts checks, and no other", () => {
    const checked = [...read("src/env.ts").matchAll(/\benv\.([A-Z_]+)/g)].map(([, name]) => name);
    const documented = ["Secrets", "Variables", "Bindings"].flatMap(rowsUnder).map(({ name }) => name);

    expect(documented.toSorted()).toEqual([...new Set(checked)].toSorted());
  });

  test("knows each setting as the server describes it", () => {
    const rows = Object.entries(settingEntries).map(([name, entry]) => {
      const { description, ...schema } = toJsonSchema(entry, { ignoreActions: ["trim", "check"] });
      return `| \`${name}\` | \`${JSON.stringify(entry.default)}\` | ${takes(schema)} | ${descriptionOf(description, schema)}. |`;
    });

    // A setting is described once, in setting-entries.ts: what is missing here is pasted from the failure.
    expect(rowsUnder("Settings").map(({ row }) => row)).toEqual(rows);
  });
});

test("the example of .dev.vars, and the deploy button, ask for each secret and give none", () => {
  const { cloudflare } = JSON.parse(read("package.json"));
  const asked = [...read(".dev.vars.example").matchAll(/^([A-Z_]+)=(.*)$/gm)];

  // What stands there is what the button fills in, and would be every reader's master key.
  expect(asked.map(([, name, value]) => [name, value])).toEqual(secretNames.map((name) => [name, ""]));
  expect(Object.keys(cloudflare.bindings)).toEqual(expect.arrayContaining(secretNames));
});

type Schema = ReturnType<typeof toJsonSchema>;

function takes({ anyOf, enum: choices, type, minimum, maximum, minLength, maxLength }: Schema): string {
  if (anyOf) return anyOf.map((part) => takes(part as Schema)).join(" or ");
  if (choices) return choices.map((choice) => `\`${JSON.stringify(choice)}\``).join(" or ");
  if (type === "integer" || type === "number") return `${minimum} to ${maximum}`;
  if (type === "string") return `${minLength ?? 0} to ${maxLength} characters`;
  if (type === "boolean") return "`true` or `false`";
  return `\`${type}\``;
}

const descriptionOf = (description: string | undefined, { anyOf }: Schema): string | undefined =>
  description ?? anyOf?.map((part) => (part as Schema).description).find((text) => text !== undefined);
