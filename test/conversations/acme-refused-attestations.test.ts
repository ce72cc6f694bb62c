import { describe, expect, test } from "vitest";
import { attempt, failureOf, identities, inviteByAcme } from "../support/acme.ts";
import type { AcmeDevice } from "../support/apple-device/acme.ts";
import { attest, newSubAuthority, testRoot } from "../support/apple-device/attester.ts";
import { newKey } from "../support/apple-device.ts";

describe("an attestation is refused, and nothing is issued", () => {
  const withFacts =
    (properties: Record<string, Uint8Array>): NonNullable<AcmeDevice["attestWith"]> =>
    ({ spki, freshness }) =>
      attest({ spki, freshness, device: {}, now: Date.now(), properties });
  const day = 86_400_000;

  test.each<[string, Partial<AcmeDevice>, RegExp]>([
    ["that is not there", { attestationFails: true }, /needs an attestation/],
    ["that a chip cannot make", { canAttest: false }, /needs an attestation/],
    ["of no serial number", { attestWith: withFacts({ "9.2": Buffer.from("x") }) }, /does not name/],
    ["with a blank serial number", { attestWith: withFacts({ "9.1": new Uint8Array() }) }, /does not name/],
    [
      "made for another challenge",
      {
        attestWith: ({ spki }) =>
          attest({ spki, freshness: new Uint8Array(32), device: { serialNumber: "A" }, now: Date.now() }),
      },
      /not made for this challenge/,
    ],
    [
      "made for no challenge",
      {
        attestWith: ({ spki }) =>
          attest({ spki, freshness: undefined, device: { serialNumber: "A" }, now: Date.now() }),
      },
      /not made for this challenge/,
    ],
    [
      "under another root",
      {
        attestWith: async ({ spki, freshness }) => {
          const own = await newSubAuthority(Date.now(), { ...testRoot, key: await newKey("P-384") });
          return attest({ spki, freshness, device: { serialNumber: "A" }, now: Date.now(), issuer: own });
        },
      },
      /does not lead to a root/,
    ],
    [
      "without what is between root and leaf",
      {
        attestWith: async ({ spki, freshness }) =>
          (await attest({ spki, freshness, device: { serialNumber: "A" }, now: Date.now() })).slice(0, 1),
      },
      /does not lead to a root/,
    ],
    [
      "under an authority that has expired",
      {
        attestWith: async ({ spki, freshness }) =>
          attest({
            spki,
            freshness,
            device: { serialNumber: "A" },
            now: Date.now(),
            issuer: await newSubAuthority(Date.now(), testRoot, day),
          }),
      },
      /not valid now: expired/,
    ],
    [
      "that is a year old",
      {
        attestWith: ({ spki, freshness }) =>
          attest({
            spki,
            freshness,
            device: { serialNumber: "A" },
            now: Date.now(),
            madeAt: Date.now() - 365 * day,
          }),
      },
      /not valid now: expired/,
    ],
  ])("%s", async (_, more, detail) => {
    const before = await identities();

    const failure = await failureOf(attempt(more));

    expect(failure).toMatchObject({ step: "challenge", problem: "badAttestationStatement" });
    expect(failure.detail).toMatch(detail);
    expect(await identities()).toBe(before);
  });

  test("of another serial number than the enrollment is for", async () => {
    const invitation = await inviteByAcme({ serial: "OTHER12345" });

    const failure = await failureOf(attempt({}, invitation));

    expect(failure).toMatchObject({ problem: "badAttestationStatement" });
    expect(failure.detail).toMatch(/is not the one that the enrollment is for/);
  });

  test("of another UDID than the enrollment is for", async () => {
    const invitation = await inviteByAcme({ udid: "00008110-000A11112222801E" });

    expect((await failureOf(attempt({}, invitation))).detail).toMatch(/attested UDID .* is not the one/);
  });

  test("with any byte of it changed", async () => {
    const before = await identities();
    for (const part of [0, 1]) {
      for (const share of [0.02, 0.2, 0.4, 0.6, 0.8, 0.97]) {
        const failure = await failureOf(
          attempt({
            attestWith: async ({ spki, freshness }) => {
              const chain = await attest({ spki, freshness, device: { serialNumber: "A" }, now: Date.now() });
              const bytes = chain[part] ?? new Uint8Array();
              const at = Math.floor(bytes.length * share);
              bytes[at] = (bytes[at] ?? 0) ^ 0x01;
              // The chain is shared with later attestations.
              chain[part] = bytes.slice();
              bytes[at] = (bytes[at] ?? 0) ^ 0x01;
              return chain;
            },
          }),
        );
        expect(failure.problem, `certificate ${part}, at ${share}`).toBe("badAttestationStatement");
      }
    }
    expect(await identities()).toBe(before);
  });

  test("for a key that is not the one in the request", async () => {
    const before = await identities();

    const failure = await failureOf(attempt({ csrKey: () => newKey("P-256") }));

    expect(failure).toMatchObject({ step: "finalize", status: 400, problem: "badCSR" });
    expect(await identities()).toBe(before);
  });

  test("for a key that was certified for another enrollment", async () => {
    const key = await newKey("P-256");
    await attempt({ key });

    expect(await failureOf(attempt({ key }))).toMatchObject({ step: "finalize", problem: "badCSR" });
  });
});
