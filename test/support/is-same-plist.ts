import { equalBytes } from "../../src/base/bytes.ts";
import { PlistReal, type PlistValue } from "../../src/plist/value.ts";

/** The same value of the same kind everywhere, with keys in the same order. What it takes for different may still be equal. */
export function isSamePlist(one: PlistValue, other: PlistValue): boolean {
  if (one instanceof Map)
    return (
      other instanceof Map &&
      areSame([...one.keys()], [...other.keys()]) &&
      areSame([...one.values()], [...other.values()])
    );
  if (Array.isArray(one)) return Array.isArray(other) && areSame(one, other);
  if (one instanceof Uint8Array) return other instanceof Uint8Array && equalBytes(one, other);
  if (one instanceof Date) return other instanceof Date && Object.is(one.getTime(), other.getTime());
  if (one instanceof PlistReal) return other instanceof PlistReal && Object.is(one.value, other.value);
  return Object.is(one, other);
}

const areSame = (some: readonly PlistValue[], others: readonly PlistValue[]): boolean =>
  some.length === others.length && some.every((one, at) => isSamePlist(one, others[at] as PlistValue));
