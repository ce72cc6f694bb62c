import { expect, test } from "vitest";
import { buildCrl } from "../../src/pki/libraries/revocation-list.ts";
import { credential } from "../support/pki.ts";
import { readRevocationList } from "../support/read-revocation-list.ts";

const order = { number: 258, thisUpdate: Date.UTC(2026, 3, 2), nextUpdate: Date.UTC(2026, 3, 9) };
const revokedAt = Date.UTC(2026, 3, 1);

test.each(["authority", "p256", "p384", "p521"])(
  "a revocation list says what it was told, under the signature of %s",
  async (name) => {
    const issuer = credential(name);
    const revoked = [
      { serial: "7FFE", revokedAt },
      { serial: "80", revokedAt, reason: "superseded" as const },
    ];
    const list = readRevocationList(await buildCrl({ ...order, revoked }, issuer));

    expect(list).toMatchObject({ thisUpdate: order.thisUpdate, nextUpdate: order.nextUpdate });
    expect([...list.revoked]).toEqual([
      ["7FFE", revokedAt],
      ["80", revokedAt],
    ]);
    expect(await list.isSignedBy(issuer.certificate)).toBe(true);
    expect(await list.isSignedBy(credential("device").certificate)).toBe(false);
  },
);

test("a list that names nobody, and lasts beyond 2049, is read as well", async () => {
  const nextUpdate = Date.UTC(2051, 0, 1);
  const der = await buildCrl({ ...order, nextUpdate, revoked: [] }, credential("authority"));

  expect(readRevocationList(der)).toMatchObject({ revoked: new Map(), nextUpdate });
});
