import { ok, type Result, refuse } from "../base/result.ts";
import { fromJson, type JsonRefusal } from "../catalog/from-json.ts";
import { commandSpec } from "../catalog/lookup.ts";
import { buildCommand, type MdmCommand, type RawCommandRefusal } from "./command.ts";

export type JsonCommandRefusal =
  | { reason: "not-convertible"; why: JsonRefusal["reason"]; pointer: string; detail: string }
  | RawCommandRefusal;

/**
 * A command from Apple's own keys in JSON: the catalogue tells which texts are data and which are dates. Of a
 * RequestType that it does not know, everything is taken as it stands.
 */
export async function commandFromJson(
  requestType: string,
  payload: { readonly [key: string]: unknown },
  uuid?: string,
): Promise<Result<MdmCommand, JsonCommandRefusal>> {
  const spec = await commandSpec(requestType);
  const { RequestType: _, ...rest } = payload;
  const converted = fromJson(rest, spec ? { type: "dictionary", keys: spec.keys } : { type: "dictionary" });
  if (!converted.ok) {
    const { reason, pointer } = converted.refusal;
    return refuse({ reason: "not-convertible", why: reason, pointer, detail: sentences[reason] });
  }
  if (!(converted.value instanceof Map)) {
    return refuse({ reason: "not-convertible", why: "bad_tag", pointer: "", detail: "must be a dictionary" });
  }
  const command = buildCommand(requestType, converted.value, uuid);
  return command.ok ? ok(command.value) : command;
}

const sentences: Record<JsonRefusal["reason"], string> = {
  null_value: "a property list has no null; leave the key out",
  bad_tag: "the value does not fit its tag",
  too_deep: "lies too deep",
  too_large: "has too many values",
};
