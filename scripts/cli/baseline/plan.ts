// What putting a baseline on a server changes there: each thing against what the server has. Sets keep what they have besides.
import { type Client, ProblemError } from "../../../client/src/index.ts";
import type { Json as JsonValue } from "../../../src/declarations/canonical-json.ts";
import { differencesBetween } from "../../../src/declarations/difference.ts";
import { itemsOf, type Json, membersOf } from "./json.ts";
import type { Parts } from "./parts.ts";

/** As the client takes it: `/sets/{name}` and the name. */
type Address = { at: string; path?: { name: string } };

export type Step = {
  kind: "enrollment setting" | "profile" | "declaration" | "set" | "update policy";
  name: string;
  isNew: boolean;
  /** In words, a line each. */
  changes: readonly string[];
  method: "PUT" | "PATCH";
  address: Address;
  body: Json;
  /** What was read, or that nothing was there: another change in between is not overwritten. */
  headers: Readonly<Record<string, string>>;
};

/** What the server takes, it may still warn of. */
export async function carryOut(step: Step, api: Client): Promise<{ warnings?: { detail: string }[] }> {
  const { method, address, body, headers } = step;
  const answer = await api.raw(method, address.at, { path: address.path, body, headers });
  return (await answer.json()) as { warnings?: { detail: string }[] };
}

/** In the order in which they can be made: a set needs what it names, a policy its sets. */
export async function planOf(
  { profiles, declarations, sets, policies, enrollment }: Parts,
  api: Client,
): Promise<Step[]> {
  const steps = await Promise.all([
    enrollment === undefined ? undefined : settingStep(enrollment, api),
    ...[...profiles].map(([name, body]) => step("profile", name, "/profiles", body, api, withoutMade)),
    ...[...declarations].map(([name, body]) =>
      step("declaration", name, "/declarations", body, api, ({ type, payload }) => ({ type, payload })),
    ),
    ...[...sets].map(([name, body]) => setStep(name, body, api)),
    ...[...policies].map(([name, body]) =>
      step("update policy", name, "/software-updates/policies", body, api, (there) => pick(there, body)),
    ),
  ]);
  return steps.filter((one) => one !== undefined);
}

type Found = { value: Json | undefined; headers: Readonly<Record<string, string>> };

async function found(api: Client, { at, path }: Address): Promise<Found> {
  try {
    const answer = await api.raw("GET", at, { path });
    const tag = answer.headers.get("ETag");
    return { value: (await answer.json()) as Json, headers: tag === null ? {} : { "If-Match": tag } };
  } catch (fault) {
    if (!(fault instanceof ProblemError) || fault.problem.status !== 404) throw fault;
    return { value: undefined, headers: { "If-None-Match": "*" } };
  }
}

async function step(
  kind: Step["kind"],
  name: string,
  at: string,
  body: Json,
  api: Client,
  comparable: (there: Json) => Json,
): Promise<Step | undefined> {
  const address = { at: `${at}/{name}`, path: { name } };
  const { value: there, headers } = await found(api, address);
  const changes = there === undefined ? [] : changesBetween(comparable(there), body);
  if (there !== undefined && changes.length === 0) return undefined;
  return { kind, name, isNew: there === undefined, changes, method: "PUT", address, body, headers };
}

/** The profile without the names and versions that the server added. */
function withoutMade({ profile }: Json): Json {
  const made = ["PayloadIdentifier", "PayloadUUID", "PayloadVersion"];
  const without = (value: unknown, names: readonly string[]): Json =>
    Object.fromEntries(Object.entries(membersOf(value)).filter(([key]) => !names.includes(key)));
  return {
    ...without(profile, [...made, "PayloadType", "PayloadContent"]),
    PayloadContent: itemsOf(membersOf(profile).PayloadContent).map((payload) => without(payload, made)),
  };
}

const pick = (from: Json, like: Json): Json =>
  Object.fromEntries(Object.keys(like).map((key) => [key, from[key]]));

async function setStep(name: string, body: Json, api: Client): Promise<Step | undefined> {
  const address = { at: "/sets/{name}", path: { name } };
  const { value: there, headers } = await found(api, address);
  if (there === undefined)
    return {
      kind: "set",
      name,
      isNew: true,
      changes: [`for ${words(body.filter)}`],
      method: "PUT",
      address,
      body,
      headers,
    };
  const added = (key: "profiles" | "declarations") =>
    itemsOf(body[key]).filter((one) => !itemsOf(there[key]).includes(one));
  const [profiles, declarations] = [added("profiles"), added("declarations")];
  const activates = body.activate === true && there.activate !== true;
  const changes = [
    ...profiles.map((one) => `+ profile ${one}`),
    ...declarations.map((one) => `+ declaration ${one}`),
    ...(activates ? ["activate: true, so that its declarations are in force"] : []),
  ];
  if (changes.length === 0) return undefined;
  const whole = {
    ...pick(there, { description: "", filter: null, predicate: null }),
    profiles: [...itemsOf(there.profiles), ...profiles],
    declarations: [...itemsOf(there.declarations), ...declarations],
    activate: there.activate === true || body.activate === true,
  };
  return { kind: "set", name, isNew: false, changes, method: "PUT", address, body: whole, headers };
}

/** Only what is not set: what an administrator chose stays. */
async function settingStep(wanted: Json, api: Client): Promise<Step | undefined> {
  const address = { at: "/enrollment/settings" };
  const { value: there = {}, headers } = await found(api, address);
  const missing = Object.fromEntries(Object.entries(wanted).filter(([key]) => (there[key] ?? null) === null));
  const names = Object.keys(missing);
  if (names.length === 0) return undefined;
  const changes = names.map((key) => `${key}: ${words(missing[key])}`);
  return {
    kind: "enrollment setting",
    name: names.join(", "),
    isNew: true,
    changes,
    method: "PATCH",
    address,
    body: missing,
    headers,
  };
}

function changesBetween(from: Json, to: Json): string[] {
  return differencesBetween(from as JsonValue, to as JsonValue).map(
    ({ pointer, from: before, to: after }) => `${pointer}: ${words(before)} becomes ${words(after)}`,
  );
}

const words = (value: unknown): string =>
  value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
