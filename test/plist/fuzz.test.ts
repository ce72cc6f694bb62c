import { expect, test } from "vitest";
import type { Result } from "../../src/base/result.ts";
import { readEnvelope } from "../../src/plist/envelope.ts";
import { explain } from "../../src/plist/explain.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistRefusal } from "../../src/plist/refusal.ts";
import type { PlistDict, PlistValue } from "../../src/plist/value.ts";
import { writeBinary } from "../support/binary-plist.ts";
import { samples } from "../support/plist-fixtures.ts";
import { damage, damageBytes, damagedDocument, randomValue, seeded } from "../support/plist-mutations.ts";

/** Reads every input; what is not accepted must be a refusal with a place in the input and a sentence. */
function tally<Value>(
  inputs: number,
  next: () => Uint8Array,
  read: (bytes: Uint8Array) => Result<Value, PlistRefusal>,
): { accepted: number; refused: number; reasons: Set<string> } {
  const count = { accepted: 0, refused: 0, reasons: new Set<string>() };
  for (let input = 0; input < inputs; input++) {
    const bytes = next();
    const result = read(bytes);
    if (result.ok) count.accepted++;
    else {
      count.refused++;
      count.reasons.add(result.refusal.reason);
      expectPlace(result.refusal, bytes);
    }
  }
  return count;
}

function expectPlace(refusal: PlistRefusal, bytes: Uint8Array): void {
  const inside = !("offset" in refusal) || (refusal.offset >= 0 && refusal.offset <= bytes.length);
  if (!inside || !explain(refusal)) throw new Error(`no place: ${JSON.stringify(refusal)}`);
}

test("10,000 damaged XML documents are read or refused by name", () => {
  const random = seeded(1);

  const { accepted, refused, reasons } = tally(10_000, () => damagedDocument(random), readPlist);

  expect(accepted).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(5_000);
  expect([...reasons]).toEqual(
    expect.arrayContaining([
      "truncated",
      "stray-text",
      "wrong-nesting",
      "unknown-entity",
      "duplicate-key",
      "bad-data",
    ]),
  );
});

test("10,000 damaged binary files are read or refused by name", () => {
  const random = seeded(2);
  const limits = { nodes: 10_000 };
  const next = () => damageBytes(random, writeBinary(randomValue(random) as PlistValue));

  const { accepted, refused, reasons } = tally(10_000, next, (bytes) => readPlist(bytes, limits));

  expect(accepted).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(3_000);
  expect([...reasons]).toEqual(
    expect.arrayContaining(["bad-trailer", "offset-out-of-bounds", "unknown-object", "circular-reference"]),
  );
});

test("5,000 messages of the protocol with damaged bytes are read or refused by name", () => {
  const random = seeded(3);
  const next = () => {
    const { xml, binary } = samples[random(samples.length)] ?? {
      xml: new Uint8Array(),
      binary: new Uint8Array(),
    };
    return damageBytes(random, random(2) === 0 ? xml : binary);
  };

  const { refused, reasons } = tally(5_000, next, readPlist);

  expect(refused).toBeGreaterThan(1_000);
  expect(reasons).toContain("bad-encoding");
});

test("an envelope of a damaged message holds what the whole message says, wherever both are accepted", () => {
  const random = seeded(4);
  let compared = 0;
  const next = () => {
    const { xml } = samples[random(samples.length)] ?? { xml: new Uint8Array() };
    return new TextEncoder().encode(damage(random, new TextDecoder().decode(xml)));
  };

  tally(5_000, next, (bytes) => {
    const envelope = readEnvelope(bytes);
    const whole = readPlist(bytes);
    if (whole.ok && whole.value instanceof Map) {
      compared++;
      const isNested = (value: PlistValue) => Array.isArray(value) || value instanceof Map;
      const scalars = [...(whole.value as PlistDict)].filter(([, value]) => !isNested(value));
      expect(envelope).toEqual({ ok: true, value: new Map(scalars) });
    }
    return envelope;
  });

  expect(compared).toBeGreaterThan(500);
});
