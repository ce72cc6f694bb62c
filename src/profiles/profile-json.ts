import { namedUuid } from "../base/named-uuid.ts";
import { ok, type Result } from "../base/result.ts";
import { fromJson, type JsonRefusal } from "../catalog/from-json.ts";
import { profileSpec, structureSpec } from "../catalog/lookup.ts";
import { commonPayloadKeys, withCommonKeys } from "../catalog/payload-keys.ts";
import type { KeySpec, ValueSpec } from "../catalog/spec.ts";
import { type JsonValue, toJson } from "../catalog/to-json.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";
import { contentDigest } from "./content-digest.ts";

/**
 * A profile in JSON, with Apple's own keys: the catalogue says which texts are data and which are dates, in both
 * directions. Required keys that need no decision may be left out; `completed` adds them.
 */
export async function profileFromJson(json: {
  readonly [key: string]: unknown;
}): Promise<Result<PlistDict, JsonRefusal>> {
  const { PayloadContent: content, ...rest } = json;
  const top = fromJson(rest, { type: "dictionary", keys: await topLevelKeys() });
  if (!top.ok) return top;
  const profile = top.value as PlistDict;
  if (!Array.isArray(content)) {
    if (content === undefined) return ok(profile);
    const other = fromJson(content);
    return other.ok ? ok(profile.set("PayloadContent", other.value)) : placed(other.refusal, "");
  }
  const payloads: PlistValue[] = [];
  for (const [at, payload] of content.entries()) {
    const converted = fromJson(payload, await specOfPayload(payload?.PayloadType));
    if (!converted.ok) return placed(converted.refusal, `/${at}`);
    payloads.push(converted.value);
  }
  return ok(profile.set("PayloadContent", payloads));
}

const placed = ({ reason, pointer }: JsonRefusal, place: string): Result<never, JsonRefusal> => ({
  ok: false,
  refusal: { reason, pointer: `/PayloadContent${place}${pointer}` },
});

export async function profileToJson(profile: PlistDict): Promise<{ [key: string]: JsonValue }> {
  const keys = await topLevelKeys();
  const content = profile.get("PayloadContent");
  const rest: PlistDict = new Map([...profile].filter(([key]) => key !== "PayloadContent"));
  const json = toJson(rest, { type: "dictionary", keys }) as { [key: string]: JsonValue };
  if (!Array.isArray(content))
    return content === undefined ? json : { ...json, PayloadContent: toJson(content) };
  const payloads: JsonValue[] = [];
  for (const payload of content)
    payloads.push(
      toJson(payload, await specOfPayload(payload instanceof Map ? payload.get("PayloadType") : undefined)),
    );
  return { ...json, PayloadContent: payloads };
}

async function topLevelKeys(): Promise<readonly KeySpec[]> {
  const spec = await structureSpec("TopLevel");
  if (!spec) throw new Error("the catalogue has no TopLevel: run npm run catalog");
  return spec.keys.filter(({ name }) => name !== "PayloadContent");
}

async function specOfPayload(type: unknown): Promise<ValueSpec> {
  const spec = typeof type === "string" ? await profileSpec(type) : undefined;
  return spec
    ? { type: "dictionary", keys: withCommonKeys(spec, await commonPayloadKeys()).keys }
    : { type: "dictionary" };
}

/** Adds missing names and versions, made from the identifier: the same profile gets the same ones again. */
export async function completed(profile: PlistDict, identifier: string): Promise<PlistDict> {
  const content = profile.get("PayloadContent");
  const seen = new Map<string, number>();
  const payloads: PlistValue[] = [];
  for (const payload of Array.isArray(content) ? content : []) {
    if (!(payload instanceof Map)) payloads.push(payload);
    else payloads.push(await completedPayload(payload, identifier, seen));
  }
  const whole: PlistDict = new Map([...profile]);
  if (Array.isArray(content)) whole.set("PayloadContent", payloads);
  add(whole, "PayloadIdentifier", identifier);
  add(whole, "PayloadType", "Configuration");
  add(whole, "PayloadVersion", 1);
  add(whole, "PayloadUUID", await namedUuid(identifier, "profile", await contentDigest(whole)));
  return whole;
}

/** A payload keeps its UUID as long as it keeps its place among those of its type: so it is updated and not replaced. */
async function completedPayload(
  payload: PlistDict,
  identifier: string,
  seen: Map<string, number>,
): Promise<PlistDict> {
  const type = String(payload.get("PayloadType") ?? "payload");
  const count = (seen.get(type) ?? 0) + 1;
  seen.set(type, count);
  const whole: PlistDict = new Map(payload);
  const name = `${identifier}.${type}${count > 1 ? `.${count}` : ""}`;
  add(whole, "PayloadIdentifier", name);
  add(whole, "PayloadUUID", await namedUuid(String(whole.get("PayloadIdentifier")), "payload"));
  add(whole, "PayloadVersion", 1);
  return whole;
}

function add(dict: PlistDict, key: string, value: PlistValue): void {
  if (!dict.has(key)) dict.set(key, value);
}
