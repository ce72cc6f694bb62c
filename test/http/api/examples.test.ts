import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { api } from "../../../src/http/api/app.ts";
import { bodies } from "../../../src/http/api/route/examples/bodies.ts";
import { unknownText } from "../../../src/http/api/route/examples/generate.ts";
import { describeApi } from "../../../src/http/api/route/openapi.ts";
import { operationsOf } from "../../../src/http/api/route/operations.ts";
import { titleOf } from "../../../src/http/api/route/schemas.ts";
import { ask } from "../../support/admin.ts";

// What the description shows as an example is what the routes take.

type Content = Record<
  string,
  { schema: object; example?: unknown; examples?: Record<string, { $ref: string }> }
>;
type Operation = {
  operationId: string;
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};
const document = describeApi(api) as unknown as {
  paths: Record<string, Record<string, Operation>>;
  components: { examples: Record<string, { value: unknown }> };
};
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    ...operation,
  })),
);

function exampleIn({ example, examples = {} }: Content[string]): unknown {
  const [shared] = Object.values(examples);
  return shared ? document.components.examples[shared.$ref.split("/").at(-1) ?? ""]?.value : example;
}

const withBody = operationsOf(api).flatMap(({ method, path, part }) =>
  part.body ? [{ title: `${method} ${path}`, method, path, schema: part.body }] : [],
);

const bodyOf = ({ method, path }: { method: string; path: string }): unknown => {
  const content = document.paths[path]?.[method.toLowerCase()]?.requestBody?.content["application/json"];
  return content && exampleIn(content);
};

describe("an example of a body", () => {
  test("is written for each schema, and for no other", () => {
    const names = withBody.map(({ schema }) => titleOf(schema));

    expect(Object.keys(bodies).toSorted()).toEqual([...new Set(names)].toSorted());
  });

  test.each(withBody)("is what the route takes: $title", ({ schema, ...route }) => {
    const checked = v.safeParse(schema, bodyOf(route));

    expect(
      checked.issues?.map(({ message, path }) => [path?.map(({ key }) => key), message]),
    ).toBeUndefined();
  });

  // Certificates and keys are cut short.
  const notReal =
    /push-vendor|push-certificates$|signing-certificates$|\/sign$|api-accounts(\/\{name\}\/key)?$|apps-and-books\/locations(\/\{name\}\/token)?$/;

  test.each(withBody.filter(({ path }) => !notReal.test(path)))(
    "is no invalid request: $title",
    async (route) => {
      for (const name of ["phones", "macs"])
        await ask("PUT", `/api/v1/ade/profiles/${name}`, { json: bodies.AdeProfileKeys });
      const path = route.path.replaceAll("{platform}", "ios").replaceAll("{version}", "18.1");
      const answer = await ask(route.method, path.replace(/\{\w+\}/g, "example-one"), {
        json: bodyOf(route),
      });

      // Other servers cannot be reached from here.
      if (answer.text.includes("answers 599")) return;
      expect(answer.status, answer.text).not.toBe(400);
      expect(answer.status, answer.text).not.toBe(415);
      expect(answer.status, answer.text).not.toBe(500);
    },
  );
});

test("every body and answer has an example, but files of bytes", () => {
  const without = described.flatMap(({ operationId, requestBody, responses }) =>
    [["body", requestBody] as const, ...Object.entries(responses)].flatMap(([what, one]) =>
      Object.entries(one?.content ?? {})
        .filter(([, content]) => exampleIn(content) === undefined)
        .map(([type]) => `${operationId} ${what} ${type}`),
    ),
  );

  const bytes = /octet-stream|mobileprovision|pkcs7-mime|\*\/\*/;
  expect(without.filter((one) => !bytes.test(one))).toEqual([]);
});

test("every text in an example means something", () => {
  const lost = new Set<string>();
  const walk = (node: unknown, at: string): void => {
    if (node === unknownText) lost.add(at);
    if (typeof node === "object" && node !== null)
      for (const [key, one] of Object.entries(node)) walk(one, /^\d+$/.test(key) ? at : key);
  };

  for (const [name, { value }] of Object.entries(document.components.examples)) walk(value, name);
  for (const { responses } of described)
    for (const { content } of Object.values(responses))
      for (const one of Object.values(content ?? {})) walk(one.example, "answer");

  expect([...lost], "fields without a value in examples/values.ts").toEqual([]);
});

test("the description is not made when the Worker starts, and examples are shared", () => {
  const text = JSON.stringify(document);

  expect(text.length).toBeLessThan(1_200_000);
  expect(Object.keys(document.components.examples)).toEqual(
    expect.arrayContaining(["NewToken", "DeviceDetail", "problem-invalid-request"]),
  );
});
