import { structureSpec } from "./lookup.ts";
import type { Spec } from "./spec.ts";

/** The keys of CommonPayloadKeys, which every payload of a profile has beside its own. */
export async function commonPayloadKeys(): Promise<Spec> {
  const common = await structureSpec("CommonPayloadKeys");
  if (!common) throw new Error("the catalogue has no CommonPayloadKeys: run npm run catalog");
  return common;
}

/** A payload's entry with the common keys added; what they say of platforms is the payload's own business. */
export function withCommonKeys(spec: Spec, common: Spec): Spec {
  const own = new Set(spec.keys.map(({ name }) => name));
  const shared = common.keys.filter(({ name }) => !own.has(name));
  return { ...spec, keys: [...spec.keys, ...shared.map(({ os, ...key }) => key)] };
}
