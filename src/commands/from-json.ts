import { ok, type Result, refuse } from "../base/result.ts";
import { fromJson, type JsonRefusal } from "../catalog/from-json.ts";
import { commandSpec } from "../catalog/lookup.ts";
import type { PlistDict } from "../plist/value.ts";

export type JsonPayloadRefusal = {
  reason: "not-convertible";
  why: JsonRefusal["reason"];
  pointer: string;
  detail: string;
};

/**
 * Converts Apple's own keys in JSON to the property list they mean: the catalogue says which texts are data and which are
 * dates. For an unknown RequestType everything is taken unchanged.
 */
export async function payloadFromJson(
  requestType: string,
  payload: { readonly [key: string]: unknown },
): Promise<Result<PlistDict, JsonPayloadRefusal>> {
  const spec = await commandSpec(requestType);
  const { RequestType: _, ...rest } = payload;
  const converted = fromJson(rest, spec ? { type: "dictionary", keys: spec.keys } : { type: "dictionary" });
  if (!converted.ok) {
    const { reason, pointer } = converted.refusal;
    return refuse({ reason: "not-convertible", why: reason, pointer, detail: sentences[reason] });
  }
  if (converted.value instanceof Map) return ok(converted.value);
  return refuse({ reason: "not-convertible", why: "bad-tag", pointer: "", detail: "must be a dictionary" });
}

const sentences: Record<JsonRefusal["reason"], string> = {
  "null-value": "a property list has no null; leave the key out",
  "bad-tag": "the value does not fit its tag",
  "too-deep": "is nested too deep",
  "too-large": "has too many values",
};
