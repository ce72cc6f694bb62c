// A parser that strangers reach, and what it may do with bytes: read them, or refuse them by name.
import { readFileSync } from "node:fs";
import { Malformed } from "../../src/pki/der/malformed.ts";
import { readPem } from "../../src/pki/pem.ts";

export type Target = {
  name: string;
  /** Throws on everything but a refusal of the parser's own kind. */
  read(input: Uint8Array<ArrayBuffer>): unknown;
  /** Inputs to begin with: good ones reach further than any that are guessed. */
  seeds(): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Words of the format. */
  words?: readonly (string | Uint8Array)[];
  /** Longer inputs are cut. */
  longest?: number;
};

export const text = (input: Uint8Array): string => Buffer.from(input).toString("utf8");
export const bytes = (words: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(words, "utf8"));

/** For readers that throw their refusals. */
export function allowing(refusal: new (...args: never[]) => Error, work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof refusal) return undefined;
    throw error;
  }
}

export const allowingMalformed = (work: () => unknown): unknown => allowing(Malformed, work);

export const fixtureText = (path: string): string =>
  readFileSync(new URL(`../../test/fixtures/${path}`, import.meta.url), "utf8");

/** The first PEM block of a file in test/fixtures/pki. */
export function pki(name: string): Uint8Array<ArrayBuffer> {
  const block = readPem(fixtureText(`pki/${name}.pem`))[0];
  if (!block) throw new Error(`no PEM block in ${name}.pem`);
  return block.der;
}
