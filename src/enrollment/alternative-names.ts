import { ok } from "../base/result.ts";
import { type AltName, readAltNames } from "../pki/alt-names.ts";
import type { Certificate } from "../pki/certificate.ts";
import type { CertificateRequest } from "../pki/csr.ts";
import { reading } from "../pki/der/malformed.ts";
import { oids } from "../pki/oids.ts";
import type { EnrollmentSettings } from "./enrollment-setting-values.ts";

/**
 * Which alternative names an identity carries. Nothing here reads them back, but others who trust our authority may: a
 * request alone decides nothing. What was promised with the challenge is issued, and what the request asks of it.
 */
export type PromisedNames =
  /** Whatever the request asks for: an administrator trusts who holds the challenge. */
  "requested" | readonly AltName[];

/** Apple's keys of a SCEP payload, and what they are. */
const kinds = {
  rfc822Name: "email",
  dNSName: "dns",
  uniformResourceIdentifier: "uri",
  ntPrincipalName: "upn",
} as const satisfies Record<string, AltName["kind"]>;

const mostNames = 20;
const longestName = 255;

/** The names of the setting `scep.SubjectAltName`. */
export const namesOfSettings = ({ SubjectAltName = {} }: EnrollmentSettings["scep"]): AltName[] =>
  Object.entries(SubjectAltName).flatMap(([key, given]) => {
    const kind = Object.hasOwn(kinds, key) ? kinds[key as keyof typeof kinds] : undefined;
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    return kind ? values.filter((value) => typeof value === "string").map((value) => ({ kind, value })) : [];
  });

export const alternativeNames = (csr: CertificateRequest, promised: PromisedNames = []): AltName[] => {
  const asked = namesIn(csr.extensions);
  if (promised === "requested") return asked;
  const plain = promised.filter(({ value }) => !isVariable(value));
  const filled = asked.filter(
    (name) =>
      !plain.some((one) => isSame(one, name)) &&
      promised.some(({ kind, value }) => kind === name.kind && isVariable(value)),
  );
  return [...plain, ...filled].slice(0, mostNames);
};

/** A renewal has the names of the identity that it follows. */
export const namesOf = ({ extensions }: Certificate): AltName[] => namesIn(extensions);

/** What cannot be read, or is no plain text, is not there. */
function namesIn(extensions: ReadonlyMap<string, { value: Uint8Array }>): AltName[] {
  const wish = extensions.get(oids.subjectAltName);
  if (wish === undefined) return [];
  const read = reading(() => ok(readAltNames(wish.value)));
  if (!read.ok) return [];
  return read.value
    .filter(({ kind, value }) => (kind === "upn" ? /^\P{Cc}+$/u : /^[\x21-\x7e]+$/).test(value))
    .filter(({ value }) => value.length <= longestName)
    .slice(0, mostNames);
}

/** Devices fill these in themselves, such as `%SerialNumber%`. */
const isVariable = (value: string): boolean => /[%$]/.test(value);

const isSame = (a: AltName, b: AltName): boolean => a.kind === b.kind && a.value === b.value;
