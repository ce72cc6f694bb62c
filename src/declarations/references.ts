// What a declaration names besides itself: an activation its configurations, a configuration its assets, and a legacy
// configuration of ours the profile that it wraps. Which keys those are, and what they may name, is in the catalogue.
import { pointerTo } from "../catalog/finding.ts";
import { keysOf } from "../catalog/from-json.ts";
import { declarationSpec } from "../catalog/lookup.ts";
import type { ValueSpec } from "../catalog/spec.ts";
import type { Json } from "./canonical-json.ts";
import { type DeclarationKind, kindOfType } from "./declaration.ts";
import { type Payload, profileKey, wrappedProfile } from "./server-filled.ts";

export type Reference = {
  kind: "declaration" | "profile";
  identifier: string;
  /** JSON pointer into the payload. */
  pointer: string;
  /** What must stand there; of a profile, nothing more is asked. */
  wants: Wanted;
};

export type Wanted = {
  kind?: DeclarationKind;
  /** One of these; absent where the catalogue does not say. */
  types?: readonly string[];
  contentTypes?: readonly string[];
};

/** As often as each is named, in the order of the payload. */
export async function referencesIn(type: string, payload: Payload): Promise<Reference[]> {
  const spec = await declarationSpec(type);
  const found: Reference[] = [];
  const tell: Tell = (identifier, pointer, wants) => {
    // What a variable stands for is known for each device only.
    if (!identifier.includes("{{")) found.push({ kind: "declaration", identifier, pointer, wants });
  };
  if (kindOfType(type) === "activation") namedAt(payload, "StandardConfigurations", configuration, tell);
  else if (spec) inValue(payload, { type: "dictionary", keys: spec.keys }, "", tell);
  else inUnknown(payload, "", tell);
  const profile = wrappedProfile(type, payload);
  if (profile !== undefined)
    found.push({ kind: "profile", identifier: profile, pointer: `/${profileKey}`, wants: {} });
  return found;
}

type Tell = (identifier: string, pointer: string, wants: Wanted) => void;

const configuration: Wanted = { kind: "configuration" };
const asset: Wanted = { kind: "asset" };

function namedAt(payload: Payload, key: string, wants: Wanted, tell: Tell): void {
  const listed = payload[key];
  if (!Array.isArray(listed)) return;
  for (const [at, identifier] of listed.entries())
    if (typeof identifier === "string") tell(identifier, `/${key}/${at}`, wants);
}

function inValue(value: Json | undefined, spec: ValueSpec, pointer: string, tell: Tell): void {
  const { assettypes: types } = spec;
  if (Array.isArray(value)) {
    const element: ValueSpec = { ...spec.items, type: "any", ...(types && { assettypes: types }) };
    for (const [at, item] of value.entries()) inValue(item, element, pointerTo(pointer, at), tell);
  } else if (typeof value === "string" && types) {
    const contentTypes = spec["asset-content-types"];
    tell(value, pointer, { ...asset, types, ...(contentTypes && { contentTypes }) });
  } else if (value !== null && typeof value === "object") {
    const keyOf = keysOf(spec, value);
    for (const [name, inner] of Object.entries(value)) {
      const key = keyOf(name);
      if (key) inValue(inner, key, pointerTo(pointer, name), tell);
    }
  }
}

/** A type newer than the catalogue: Apple's names of such keys have ended alike so far. */
function inUnknown(value: Json, pointer: string, tell: Tell, isReference = false): void {
  if (typeof value === "string" && isReference) tell(value, pointer, asset);
  if (value === null || typeof value !== "object") return;
  for (const [name, inner] of Object.entries(value)) {
    const names = Array.isArray(value) ? isReference : /AssetReferences?$/.test(name);
    inUnknown(inner, pointerTo(pointer, name), tell, names);
  }
}
