import type { Bytes } from "../base/bytes.ts";
import { ok } from "../base/result.ts";
import type { Certificate } from "../pki/certificate.ts";
import { contentOf } from "../pki/der/fields.ts";
import { reading } from "../pki/der/malformed.ts";
import { type Element, parseDer } from "../pki/der/parse.ts";
import { tags } from "../pki/der/tags.ts";

/**
 * What Apple attests about a device: properties in extensions of the attestation's leaf certificate.
 * https://developer.apple.com/documentation/devicemanagement/deviceinformationresponse/queryresponses
 *
 * Two surprises. The extensions have bare bytes and not ASN.1, although some have been seen wrapped in it. And a missing
 * or blank fact means that Apple could not find it out: it says nothing about the device.
 */
export type AttestedFacts = {
  serial?: string;
  /** For a Mac with Apple silicon, the provisioning UDID, which is not the UDID that it enrolls with. */
  udid?: string;
  softwareUpdateDeviceId?: string;
  osVersion?: string;
  sepOsVersion?: string;
  firmwareVersion?: string;
  /** System Integrity Protection. */
  sipEnabled?: boolean;
  secureBoot?: "full" | "reduced" | "permissive";
  thirdPartyKernelExtensions?: boolean;
};

/** The last valid attestation of a device, and the result of the last try since. */
export type DeviceAttestation = {
  /** With the identity that the device enrolled with, or in an answer to DeviceInformation. */
  by: "acme" | "device-information";
  /** When Apple made the attestation. */
  madeAt: number;
  facts: AttestedFacts;
};

const arc = "1.2.840.113635.100.8";

const oids = {
  serial: `${arc}.9.1`,
  udid: `${arc}.9.2`,
  softwareUpdateDeviceId: `${arc}.9.4`,
  osVersion: `${arc}.10.1`,
  sepOsVersion: `${arc}.10.2`,
  firmwareVersion: `${arc}.10.3`,
  freshness: `${arc}.11.1`,
  sip: `${arc}.13.1`,
  secureBoot: `${arc}.13.2`,
  kernelExtensions: `${arc}.13.3`,
} as const;

const secureBootLevels: Readonly<Record<string, AttestedFacts["secureBoot"]>> = {
  "Full Security": "full",
  "Reduced Security": "reduced",
  "Permissive Security": "permissive",
};

export function factsIn(leaf: Certificate): AttestedFacts {
  const text = (type: string) => textOf(leaf.extensions.get(type)?.value);
  const number = (type: string) => numberOf(leaf.extensions.get(type)?.value);
  const [sip, extensions] = [number(oids.sip), number(oids.kernelExtensions)];
  const facts = {
    serial: text(oids.serial),
    udid: text(oids.udid),
    softwareUpdateDeviceId: text(oids.softwareUpdateDeviceId),
    osVersion: text(oids.osVersion),
    sepOsVersion: text(oids.sepOsVersion),
    firmwareVersion: text(oids.firmwareVersion),
    sipEnabled: sip === undefined ? undefined : sip === 0,
    secureBoot: secureBootLevels[text(oids.secureBoot) ?? ""],
    thirdPartyKernelExtensions: extensions === undefined ? undefined : extensions !== 0,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The freshness code of the attestation; undefined: there is none, or it has another form. */
export function freshnessIn(leaf: Certificate): Bytes | undefined {
  const value = leaf.extensions.get(oids.freshness)?.value;
  const inner = value && unwrapped(value);
  return value?.length === 34 && inner?.tag === tags.octetString ? contentOf(inner) : value;
}

const longestText = 255;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const textTags: readonly number[] = [tags.utf8String, tags.printableString, tags.ia5String, tags.octetString];

function textOf(value: Bytes | undefined): string | undefined {
  if (!value || value.length > longestText) return undefined;
  const inner = unwrapped(value);
  try {
    const text = strictUtf8.decode(inner && textTags.includes(inner.tag) ? contentOf(inner) : value).trim();
    return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function numberOf(value: Bytes | undefined): number | undefined {
  if (!value) return undefined;
  const inner = unwrapped(value);
  const octets = inner?.tag === tags.integer ? contentOf(inner) : value;
  return octets.length === 1 ? octets[0] : undefined;
}

/** The element in these bytes, if they are exactly one. */
function unwrapped(value: Bytes): Element | undefined {
  const read = reading(() => ok(parseDer(value)));
  return read.ok ? read.value : undefined;
}
