import { expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/base/bytes.ts";
import {
  needsReseal,
  open,
  openText,
  reseal,
  seal,
  sealKeys,
  sealText,
  trusted,
} from "../../src/pki/seal.ts";

const master = (fill: number) => new Uint8Array(32).fill(fill);
const token = { what: "bootstrap-token", whose: ["00008110-000A"] };
const secret = utf8("correct horse");

test("what was sealed opens under the same key, for the same owner", async () => {
  const keys = trusted(await sealKeys(master(1)));

  const opened = await open(keys, token, await seal(keys, token, secret));

  expect(opened.ok && fromUtf8(opened.value)).toBe("correct horse");
});

test("sealing twice gives two different values, and neither shows the secret", async () => {
  const keys = trusted(await sealKeys(master(1)));

  const [first, second] = [await sealText(keys, token, secret), await sealText(keys, token, secret)];

  expect(first).not.toBe(second);
  expect(atob(first)).not.toContain("correct");
});

test.each([
  ["another owner", { what: "bootstrap-token", whose: ["00008110-000B"] }],
  ["another kind of secret", { what: "unlock-token", whose: ["00008110-000A"] }],
  [
    "an owner whose parts only join to the same text",
    { what: "bootstrap-token", whose: ["00008110", "-000A"] },
  ],
])("a sealed value does not open for %s", async (_, context) => {
  const keys = trusted(await sealKeys(master(1)));

  const opened = await open(keys, context, await seal(keys, token, secret));

  expect(opened).toMatchObject({ ok: false, refusal: { reason: "wrong-context" } });
});

test("every altered byte is noticed", async () => {
  const keys = trusted(await sealKeys(master(1)));
  const sealed = await seal(keys, token, secret);

  for (let at = 0; at < sealed.length; at++) {
    const altered = sealed.slice();
    altered[at] = (altered[at] ?? 0) ^ 1;

    expect((await open(keys, token, altered)).ok, `byte ${at}`).toBe(false);
  }
});

test("a value under a master key that is not at hand names that key", async () => {
  const sealed = await seal(trusted(await sealKeys(master(1))), token, secret);

  const opened = await open(trusted(await sealKeys(master(2))), token, sealed);

  expect(opened).toMatchObject({ ok: false, refusal: { reason: "unknown-master-key" } });
  expect(!opened.ok && opened.refusal.detail).toContain("MASTER_KEY_PREVIOUS");
});

test("after a rotation old values open, and are sealed again once", async () => {
  const old = await seal(trusted(await sealKeys(master(1))), token, secret);
  const keys = trusted(await sealKeys(master(2), master(1)));

  const renewed = await reseal(keys, token, old);

  if (!renewed.ok) throw new Error(renewed.refusal.detail);
  expect([needsReseal(keys, old), needsReseal(keys, renewed.value)]).toEqual([true, false]);
  expect((await open(trusted(await sealKeys(master(2))), token, renewed.value)).ok).toBe(true);
  expect(await reseal(keys, token, renewed.value)).toEqual({ ok: true, value: renewed.value });
});

test("what was never sealed is refused, not opened", async () => {
  const keys = trusted(await sealKeys(master(1)));

  expect(await openText(keys, token, "bm90IHNlYWxlZA==")).toMatchObject({
    refusal: { reason: "not-sealed" },
  });
  expect(await openText(keys, token, "***")).toMatchObject({ refusal: { reason: "not-sealed" } });
});

test("a master key of the wrong length is a fault at once", async () => {
  await expect(sealKeys(new Uint8Array(16))).rejects.toThrow("32 bytes");
});
