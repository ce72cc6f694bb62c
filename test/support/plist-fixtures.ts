import { fromBase64, utf8 } from "../../src/base/bytes.ts";
import type { PlistReal } from "../../src/plist/value.ts";
import written from "../fixtures/plist/written-by-python.json";

export type Sample = { name: string; xml: Uint8Array; binary: Uint8Array };

const samplesOf = (spelled: Record<string, { xml: string; binary: string }>): Sample[] =>
  Object.entries(spelled).map(([name, { xml, binary }]) => ({
    name,
    xml: utf8(xml),
    binary: fromBase64(binary) ?? new Uint8Array(),
  }));

/** The shapes of Apple's protocol, as Python's plistlib writes them. */
export const samples = samplesOf(written.samples);

/** The same, for values that Apple's tools and Python spell differently. */
export const readOnlySamples = samplesOf(written.readOnly);

export const reals: readonly PlistReal["value"][] = [0, 0.1, -2.5, 1e300, 5e-324, Infinity, -Infinity, 1 / 3];
