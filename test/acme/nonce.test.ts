import { expect, test } from "vitest";
import { mintNonce, nonceEnd, nonceLifetimeMs } from "../../src/acme/nonce.ts";
import { sealKeys } from "../../src/pki/seal.ts";

test("a nonce is ours for its time, also under the master key before, and nobody else's", async () => {
  const [now, old, other] = [1_000_000, new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const nonce = await mintNonce(await sealKeys(old), now);

  expect(await nonceEnd(await sealKeys(old), nonce, now)).toBe(now + nonceLifetimeMs);
  expect(await nonceEnd(await sealKeys(other, old), nonce, now)).toBe(now + nonceLifetimeMs);
  expect(await nonceEnd(await sealKeys(other), nonce, now)).toBeUndefined();
  expect(await nonceEnd(await sealKeys(old), nonce, now + nonceLifetimeMs)).toBeUndefined();
  for (const strange of ["", "AAAA", `${nonce}A`, nonce.slice(1), `${nonce}==`, "x".repeat(5_000)])
    expect(await nonceEnd(await sealKeys(old), strange, now)).toBeUndefined();
});
