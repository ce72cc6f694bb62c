import { checkDeclaration } from "../catalog/check.ts";
import { idsOf, statusItemSpec } from "../catalog/lookup.ts";
import { nearMiss } from "../catalog/near-miss.ts";
import type { Json } from "../declarations/canonical-json.ts";
import { type DeclarationKind, kindOfType } from "../declarations/declaration.ts";
import { parsePredicate } from "../declarations/predicate.ts";
import { namesIn } from "../declarations/predicate-names.ts";
import {
  certificateUse,
  type Payload,
  wantsFile,
  withFile,
  withProfile,
  wrappedProfile,
} from "../declarations/server-filled.ts";
import { variablesIn } from "../mdm/variables.ts";
import { unknownVariables } from "./check-variables.ts";
import { type DeclarationFinding, found } from "./declaration-findings.ts";

export type CheckedContent = {
  identifier: string;
  kind: DeclarationKind;
  type: string;
  payload: Payload;
  dataSha256: string | null;
};

/** What can be said of a declaration without the others, and so without a database. Pointers are into the payload. */
export const checkAlone = async (content: CheckedContent): Promise<DeclarationFinding[]> => [
  ...(await checkPayload(content)),
  ...unknownVariables(variablesIn(content.payload)),
  ...checkData(content),
  ...(await checkPredicate(content)),
  ...(await checkSubscriptions(content)),
];

/** Checked with the catalogue, with the values that the server will fill in. */
async function checkPayload({ kind, type, payload }: CheckedContent): Promise<DeclarationFinding[]> {
  const file = { url: "https://localhost", contentType: "application/json", size: 0, sha256: "" };
  const wraps = wrappedProfile(type, payload) !== undefined;
  const whole = wraps
    ? withProfile(payload, "https://localhost")
    : wantsFile(kind, type, payload)
      ? withFile(payload, file)
      : payload;
  const findings = await checkDeclaration(type, whole);
  // The value of a variable is not known here.
  return findings.filter(({ pointer }) => !holdsVariable(valueAt(payload, pointer)));
}

function checkData({ kind, type, payload, dataSha256 }: CheckedContent): DeclarationFinding[] {
  if (certificateUse(type, payload) !== undefined) {
    const detail = "the server makes its data for the use: leave the data or the use out";
    return dataSha256 === null ? [] : [found("/use", "data-elsewhere", detail)];
  }
  const wants = wantsFile(kind, type, payload);
  if (wants && dataSha256 === null) {
    const detail = "no device gets it until its data is uploaded or Reference.DataURL is set";
    return [found("/Reference", "data-missing", detail)];
  }
  if (wants || dataSha256 === null) return [];
  return [found("/Reference/DataURL", "data-elsewhere", "its data is already uploaded: leave DataURL out")];
}

async function checkPredicate({ type, payload }: CheckedContent): Promise<DeclarationFinding[]> {
  const text = payload.Predicate;
  if (kindOfType(type) !== "activation" || typeof text !== "string") return [];
  const parsed = parsePredicate(text);
  if (!parsed.ok) {
    const { at, detail } = parsed.refusal;
    return [found("/Predicate", "bad-predicate", `at character ${at + 1}: ${detail}`)];
  }
  const { statusItems, keys } = namesIn(parsed.value);
  const unknown = await Promise.all(keys.map(unknownKey));
  return [...(await unknownItems(statusItems.map((name) => [name, "/Predicate"]))), ...unknown.flat()];
}

/** `@key(…)` of the elements of a list, or of a dictionary. */
async function unknownKey({ item, key }: { item: string; key: string }): Promise<DeclarationFinding[]> {
  const value = (await statusItemSpec(item))?.keys[0];
  const keys = (value?.items ?? value)?.keys?.map(({ name }) => name);
  if (keys === undefined || keys.includes(key)) return [];
  const detail = `the elements of ${item} have no key ${JSON.stringify(key.slice(0, 100))}`;
  return [found("/Predicate", "unknown-status-key", detail, nearMiss(key, keys))];
}

async function checkSubscriptions({ type, payload }: CheckedContent): Promise<DeclarationFinding[]> {
  const items = payload.StatusItems;
  if (type !== "com.apple.configuration.management.status-subscriptions" || !Array.isArray(items)) return [];
  return unknownItems(
    items.flatMap((item, at): [string, string][] => {
      const name = memberOf(item, "Name");
      return typeof name === "string" ? [[name, `/StatusItems/${at}/Name`]] : [];
    }),
  );
}

async function unknownItems(named: readonly (readonly [string, string])[]): Promise<DeclarationFinding[]> {
  if (named.length === 0) return [];
  const known = await idsOf("status-items");
  return named
    .filter(([name]) => !known.includes(name) && !holdsVariable(name))
    .map(([name, pointer]) => {
      const detail = `the catalogue has no status item ${JSON.stringify(name.slice(0, 100))}`;
      return found(pointer, "unknown-status-item", detail, nearMiss(name, known));
    });
}

const holdsVariable = (value: Json | undefined): boolean => typeof value === "string" && value.includes("{{");

function valueAt(payload: Payload, pointer: string): Json | undefined {
  const names = pointer.split("/").slice(1);
  return names.reduce<Json | undefined>(
    (value, name) => memberOf(value, name.replaceAll("~1", "/").replaceAll("~0", "~")),
    payload,
  );
}

const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  value !== null && typeof value === "object" && Object.hasOwn(value, name)
    ? (value as { [key: string]: Json })[name]
    : undefined;
