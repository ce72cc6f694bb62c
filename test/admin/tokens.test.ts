import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { includesRole, roles } from "../../src/admin/roles.ts";
import { createToken, identifyCaller, tokenState } from "../../src/admin/tokens.ts";
import { sameSecret } from "../../src/base/bytes.ts";
import { openDb } from "../../src/db/open.ts";
import { brokenDatabase, flakyDatabase } from "../support/broken-database.ts";

const db = openDb(env.DB);
const now = Date.UTC(2026, 10, 21);
const bootstrap = "the token of the deployment, long enough";

afterEach(() => vi.restoreAllMocks());

test("each role includes those below it and none above", () => {
  const table = roles.map((held) => roles.filter((needed) => includesRole(held, needed)));

  expect(table).toEqual([
    ["viewer"],
    ["viewer", "helpdesk"],
    ["viewer", "helpdesk", "operator"],
    ["viewer", "helpdesk", "operator", "admin"],
  ]);
});

test.each([
  [{ expiresAt: null, revokedAt: null }, "active"],
  [{ expiresAt: now + 1, revokedAt: null }, "active"],
  [{ expiresAt: now, revokedAt: null }, "expired"],
  [{ expiresAt: now - 1, revokedAt: now - 2 }, "revoked"],
  [{ expiresAt: null, revokedAt: now + 1 }, "revoked"],
])("%j is %s", (row, state) => {
  expect(tokenState(row, now)).toBe(state);
});

test("the deployment's own token needs no database", async () => {
  const caller = await identifyCaller(openDb(brokenDatabase()), bootstrap, bootstrap, now);

  expect(caller).toEqual({
    ok: true,
    value: {
      tokenId: "ADMIN_TOKEN",
      name: "ADMIN_TOKEN",
      role: "admin",
      rights: [],
      by: "deployment",
      expiresAt: null,
    },
  });
});

test("what is not spelled like a token is refused without asking the database", async () => {
  const guess = await identifyCaller(openDb(brokenDatabase()), bootstrap, "a guess", now);

  expect(guess).toEqual({ ok: false, refusal: { reason: "unknown-token" } });
});

test("a token is known by its hash alone", async () => {
  const { row, token } = await createToken(
    db,
    { name: "n", role: "viewer", rights: [], expiresAt: undefined },
    "t",
    now,
  );

  expect(await identifyCaller(db, bootstrap, token, now)).toEqual({
    ok: true,
    value: { tokenId: row.id, name: "n", role: "viewer", rights: [], by: "token", expiresAt: null },
  });
  const other = token.slice(0, -1) + (token.endsWith("A") ? "E" : "A");
  expect((await identifyCaller(db, bootstrap, other, now)).ok).toBe(false);
});

test("that a use could not be noted does not keep the caller out", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { token } = await createToken(
    db,
    { name: "n", role: "viewer", rights: [], expiresAt: undefined },
    "t",
    now,
  );
  const { database, failures } = flakyDatabase(/update "api_tokens"/, 1);

  expect((await identifyCaller(openDb(database), bootstrap, token, now)).ok).toBe(true);
  expect(failures()).toBe(1);
});

test("secrets are compared completely, whatever they share and whatever their length", async () => {
  const spy = vi.spyOn(crypto.subtle, "timingSafeEqual");

  const verdicts = await Promise.all(
    [
      ["secret", "secret"],
      ["secret", "secres"],
      ["secret", "xecret"],
      ["secret", "secret2"],
      ["", ""],
      ["", "secret"],
    ].map(([a = "", b = ""]) => sameSecret(a, b)),
  );

  expect(verdicts).toEqual([true, false, false, false, true, false]);
  // Both sides always have the length of a digest, so neither length nor a shared start shows in the time it takes.
  const sizes = spy.mock.calls.flat().map((side) => (side as Uint8Array).byteLength);
  expect(new Set(sizes)).toEqual(new Set([32]));
});
