/**
 * What a property list holds. Integers are numbers, or bigints beyond 2^53; a real keeps its own type, so that
 * `<real>1</real>` is not read back as `<integer>1</integer>`. Dictionaries are Maps: they keep their order whatever
 * the keys are, and no key is special.
 */
export class PlistReal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type PlistDict = Map<string, PlistValue>;

export type PlistScalar = string | number | bigint | boolean | Date | Uint8Array | PlistReal;

export type PlistValue = PlistScalar | PlistValue[] | PlistDict;

/** What may be written: values, and plain objects for the dictionaries that we spell out ourselves (undefined entries are left out). */
export type PlistInput =
  | PlistValue
  | readonly PlistInput[]
  | { readonly [key: string]: PlistInput | undefined };
