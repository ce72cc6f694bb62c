import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { jsonSchemaOf } from "../../src/catalog/json-schema.ts";
import { entriesOf } from "../../src/catalog/library.ts";
import { commandSpec, profileSpec, specOf, statusItemSpec } from "../../src/catalog/lookup.ts";
import { kinds, type Spec } from "../../src/catalog/spec.ts";
import { toJson } from "../../src/catalog/to-json.ts";
import { validate } from "../../src/catalog/validate.ts";
import { breakages, maximalPayload, minimalPayload, shapeOf } from "../support/catalog-payloads.ts";

const specs: Spec[] = [];
for (const kind of kinds)
  for (const id of new Set((await entriesOf(kind)).map((entry) => entry.id)))
    specs.push((await specOf(kind, id)) as Spec);

const ajv = new Ajv2020({ strict: true, validateFormats: false, allErrors: false });
const json = (spec: Spec, payload: ReturnType<typeof minimalPayload>) => toJson(payload, shapeOf(spec));

test("the JSON Schema of every entry is one, and takes the entry's payloads", () => {
  const refused: string[] = [];
  for (const spec of specs) {
    const check = ajv.compile(jsonSchemaOf(spec));
    for (const payload of [minimalPayload(spec), maximalPayload(spec)])
      if (!check(json(spec, payload))) refused.push(`${spec.id} ${ajv.errorsText(check.errors)}`);
  }

  expect(refused).toEqual([]);
  expect(specs.length).toBe(334);
});

test("what the validator calls an error in JSON, the JSON Schema refuses as well", () => {
  const missed: string[] = [];
  let count = 0;
  for (const spec of specs) {
    const check = ajv.compile(jsonSchemaOf(spec));
    const payload = maximalPayload(spec);
    for (const { pointer, code } of breakages(spec, payload)) {
      const value = json(spec, payload);
      const errors = validate(value, spec, {}, { form: "json" }).filter(({ level }) => level === "error");
      count += 1;
      if (check(value) !== (errors.length === 0)) missed.push(`${spec.id} ${pointer} ${code}`);
    }
  }

  expect(missed).toEqual([]);
  expect(count).toBeGreaterThan(5000);
});

test("a structure that holds itself is a reference", async () => {
  const spec = (await profileSpec("com.apple.homescreenlayout")) as Spec;

  expect(JSON.stringify(jsonSchemaOf(spec))).toContain('{"$ref":"#/properties/Dock/items"}');
});

test("an editor is told where a key works, and its default", async () => {
  const spec = (await commandSpec("EraseDevice")) as Spec;

  expect(jsonSchemaOf(spec)).toMatchObject({
    title: "EraseDevice",
    description: "ios 4.0, macos 10.7, tvos 10.2, visionos 1.1, watchos 10.0",
    properties: {
      PreserveDataPlan: { type: "boolean", default: false, description: "ios 11.0, watchos 10.0" },
    },
  });
});

test("a status item's schema is that of its value", async () => {
  const spec = (await statusItemSpec("device.power.battery-health")) as Spec;

  expect(jsonSchemaOf(spec, spec.keys[0])).toMatchObject({
    type: "string",
    enum: ["non-genuine", "normal", "service-recommended", "unknown", "unsupported"],
  });
});
