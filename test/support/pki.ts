/// <reference types="vite/types/importMeta.d.ts" />
import { type Bytes, concat, utf8 } from "../../src/base/bytes.ts";
import type { Certificate, Credential } from "../../src/pki/certificate.ts";
import { rawOf } from "../../src/pki/der/fields.ts";
import { type Element, parseBer } from "../../src/pki/der/parse.ts";
import { tags } from "../../src/pki/der/tags.ts";
import { bitString, boolean, context, integer, sequence, time } from "../../src/pki/der/write.ts";
import { extension } from "../../src/pki/extensions.ts";
import { oids } from "../../src/pki/oids.ts";
import { parseCertificate } from "../../src/pki/parse-certificate.ts";
import { readPem } from "../../src/pki/pem.ts";
import { signingKey } from "../../src/pki/signature.ts";

// What openssl made for the tests of certificates and CMS: test/fixtures/pki/README.md.

const files = import.meta.glob<string>(["../fixtures/pki/*.pem", "../fixtures/pki/body.plist"], {
  query: "?raw",
  import: "default",
  eager: true,
});

function fileText(name: string): string {
  const text = files[`../fixtures/pki/${name}`];
  if (text === undefined) throw new Error(`no fixture ${name}`);
  return text;
}

/** The content that every message of the fixtures is about. */
export const body: Bytes = utf8(fileText("body.plist"));

export const pemText = (name: string): string => fileText(`${name}.pem`);

export const fixtureNames = Object.keys(files).map((path) => path.replace(/^.*\/|\.pem$/g, ""));

/** `device.key`, `authority.cert`, `detached.cms`: the DER of that file. */
export function fixture(name: string): Bytes {
  const block = readPem(pemText(name))[0];
  if (!block) throw new Error(`fixture ${name}.pem holds no PEM block`);
  return block.der;
}

export function certificateOf(der: Uint8Array): Certificate {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(parsed.refusal.detail);
  return parsed.value;
}

/** A test key with its certificate: `authority`, `device`, `weak`, `p256`, `p384`, `p521`. */
export const credential = (name: string): Credential => ({
  certificate: certificateOf(fixture(`${name}.cert`)),
  pkcs8: fixture(`${name}.key`),
});

/** The same message with indefinite lengths in its outer levels, as macOS writes it. */
export function toIndefinite(der: Uint8Array, levels: number): Bytes {
  const rewrite = (element: Element, left: number): Bytes =>
    left === 0 || element.children.length === 0 || element.tag === tags.set
      ? rawOf(element)
      : concat([
          Uint8Array.of(element.tag, 0x80),
          ...element.children.map((child) => rewrite(child, left - 1)),
          Uint8Array.of(0, 0),
        ]);
  return rewrite(parseBer(der), levels);
}

export type Forgery = {
  issuer: { name: Bytes; pkcs8: Bytes };
  subject: Bytes;
  spki: Bytes;
  serial?: number;
  notBefore?: number;
  notAfter?: number;
  extensions?: readonly Bytes[];
};

/** A certificate with exactly these fields, good or bad; version 1 when it has no extensions. */
export async function forgeCertificate(forgery: Forgery): Promise<Certificate> {
  const { issuer, subject, spki, serial = 1, extensions } = forgery;
  const key = await signingKey(issuer.pkcs8);
  const tbs = sequence(
    ...(extensions ? [context(0, integer(2))] : []),
    integer(serial),
    key.algorithm,
    issuer.name,
    sequence(time(forgery.notBefore ?? Date.UTC(2020, 0, 1)), time(forgery.notAfter ?? Date.UTC(2040, 0, 1))),
    subject,
    spki,
    ...(extensions ? [context(3, sequence(...extensions))] : []),
  );
  return certificateOf(sequence(tbs, key.algorithm, bitString(await key.sign(tbs))));
}

export const authorityConstraints = (pathLength?: number): Bytes =>
  extension(
    oids.basicConstraints,
    sequence(boolean(true), ...(pathLength === undefined ? [] : [integer(pathLength)])),
    true,
  );
