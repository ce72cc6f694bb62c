import type { Bytes } from "../../src/base/bytes.ts";
import { attribute } from "../../src/pki/attributes.ts";
import {
  bitString,
  context,
  integer,
  isPrintable,
  printableString,
  sequence,
  sorted,
  utf8String,
} from "../../src/pki/der/write.ts";
import { oids } from "../../src/pki/oids.ts";
import { signingKey } from "../../src/pki/signature.ts";

export type CsrOrder = {
  /** Name, DER; right or wrong. */
  subject: Bytes;
  spki: Bytes;
  /** The key of another one, if the request is to prove nothing. */
  pkcs8: Bytes;
  challengePassword?: string;
  /** Extensions to wish for, each as `extension(…)` writes it. */
  extensions?: readonly Bytes[];
};

/** A certification request (PKCS#10) as a SCEP client makes it, with whatever it should not say. */
export async function buildCsr(order: CsrOrder): Promise<Bytes> {
  const { subject, spki, pkcs8, challengePassword, extensions = [] } = order;
  const attributes = [
    ...(challengePassword === undefined
      ? []
      : [attribute(oids.challengePassword, directoryString(challengePassword))]),
    ...(extensions.length > 0 ? [attribute(oids.extensionRequest, sequence(...extensions))] : []),
  ];
  const key = await signingKey(pkcs8);
  const info = sequence(integer(0), subject, spki, context(0, ...sorted(attributes)));
  return sequence(info, key.algorithm, bitString(await key.sign(info)));
}

const directoryString = (text: string): Bytes =>
  isPrintable(text) ? printableString(text) : utf8String(text);
