import { api } from "../api/app.ts";
import { type Parameter, parametersOf, tagOf } from "../api/route/openapi.ts";
import { operationId } from "../api/route/operation-ids.ts";
import { type Operation, operationsOf } from "../api/route/operations.ts";
import type { RoutePart } from "../api/route/route-line.ts";
import { itemOf } from "../api/route/schemas.ts";

/**
 * The tools: every route of the API that a viewer may read and that answers JSON. Names, descriptions and arguments are
 * those of the routes, so that a new route is a new tool. What reveals secrets needs another role, and is none.
 */
export type Tool = {
  name: string;
  title: string;
  description: string;
  inputSchema: { type: "object"; properties: object; required: string[]; additionalProperties: false };
  annotations: { readOnlyHint: true };
};

export type Offer = {
  tool: Tool;
  group: string;
  path: string;
  parameters: readonly Parameter[];
  isList: boolean;
};

/** What a page has for an assistant: long ones fill its memory. */
const shortPage = { otherwise: 25, most: 100 };

let made: ReadonlyMap<string, Offer> | undefined;

/** By name, in an order that stays. */
export function offers(): ReadonlyMap<string, Offer> {
  made ??= new Map(
    operationsOf(api)
      .filter(isReading)
      .map(offerOf)
      .sort((one, other) => (one.tool.name < other.tool.name ? -1 : 1))
      .map((offer) => [offer.tool.name, offer]),
  );
  return made;
}

const isReading = ({ method, path, part }: Operation): boolean =>
  method === "GET" && path.startsWith("/api/v1/") && part.role === "viewer" && answersJson(part);

const answersJson = ({ answers }: RoutePart): boolean => typeof answers?.[200] === "object";

function offerOf(operation: Operation): Offer {
  const { path, part } = operation;
  const answer = part.answers?.[200];
  const isList = typeof answer === "object" && itemOf(answer) !== undefined;
  const parameters = parametersOf(operation, { schemas: {}, examples: {} })
    .filter(isForAssistants)
    .map(withShortPages);
  const summary = part.summary ?? "";
  return {
    path,
    group: tagOf(operation),
    parameters,
    isList,
    tool: {
      name: operationId(operation),
      title: summary,
      description: [`${summary}.`, part.detail].filter(Boolean).join(" "),
      inputSchema: {
        type: "object",
        properties: Object.fromEntries(
          parameters.map(({ name, description, schema }) => [
            name,
            { ...schema, ...(description !== undefined && { description }) },
          ]),
        ),
        required: parameters.filter(({ required }) => required).map(({ name }) => name),
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true },
    },
  };
}

/** None that waits for what has not happened, and none that asks for a file. */
const isForAssistants = ({ name, in: place }: Parameter): boolean =>
  place !== "header" && !["wait", "format"].includes(name);

function withShortPages(parameter: Parameter): Parameter {
  if (parameter.name !== "limit") return parameter;
  const description = `How many items; ${shortPage.otherwise} unless set`;
  const schema = { type: "integer", minimum: 1, maximum: shortPage.most, default: shortPage.otherwise };
  return { ...parameter, description, schema };
}
