import { type PlistDict, PlistReal, type PlistValue } from "../plist/value.ts";

/**
 * Reads typed keys of a message. A key of the wrong type makes the message invalid; the caller decides about an absent
 * one. Errors are thrown inside a decoder and caught at its edge, so that decoders read like Apple's tables.
 */
export class BadKey extends Error {
  readonly key: string;
  readonly detail: string;

  constructor(key: string, detail: string) {
    super(detail);
    this.key = key;
    this.detail = detail;
  }
}

export class Keys {
  readonly dict: PlistDict;

  constructor(dict: PlistDict) {
    this.dict = dict;
  }

  string(key: string): string {
    return this.optionalString(key) ?? missing(key, "string");
  }

  optionalString(key: string): string | undefined {
    return this.#typed(key, "string", (value) => (typeof value === "string" ? value : undefined));
  }

  data(key: string): Uint8Array {
    return this.optionalData(key) ?? missing(key, "data");
  }

  optionalData(key: string): Uint8Array | undefined {
    return this.#typed(key, "data", (value) => (value instanceof Uint8Array ? value : undefined));
  }

  /** Booleans that Apple marks optional with a default of false. */
  flag(key: string): boolean {
    return this.#typed(key, "boolean", (value) => (typeof value === "boolean" ? value : undefined)) ?? false;
  }

  optionalDict(key: string): Keys | undefined {
    return this.#typed(key, "dictionary", (value) => (value instanceof Map ? new Keys(value) : undefined));
  }

  #typed<T>(key: string, type: string, as: (value: PlistValue) => T | undefined): T | undefined {
    const value = this.dict.get(key);
    if (value === undefined) return undefined;
    const typed = as(value);
    if (typed === undefined) throw new BadKey(key, `${key} must be a ${type}, not ${typeName(value)}`);
    return typed;
  }
}

export function typeName(value: PlistValue): string {
  if (value instanceof Map) return "a dictionary";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Uint8Array) return "data";
  if (value instanceof Date) return "a date";
  if (value instanceof PlistReal) return "a real";
  return typeof value === "number" || typeof value === "bigint" ? "an integer" : `a ${typeof value}`;
}

const missing = (key: string, type: string): never => {
  throw new BadKey(key, `${key} (${type}) is missing`);
};
