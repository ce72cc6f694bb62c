import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { includesRole, roles } from "../../src/admin/roles.ts";
import { createToken, identifyCaller, tokenState } from "../../src/admin/tokens.ts";
import { sameSecret } from "../../src/base/bytes.ts";
import { openDb } from "../../src/db/open.ts";
import { changeToken, revokeToken } from "../../src/db/tokens.ts";
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

test("what another isolate does to a token counts after five seconds, and at once for what only an admin may do", async () => {
  const token = await usedToken();
  await env.DB.prepare("UPDATE api_tokens SET revoked_at = ?").bind(now).run();

  const answers = [now + 4_999, now + 5_000].map((then) => identifyCaller(db, bootstrap, token, then));

  expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([true, false]);

  const another = await usedToken();
  await env.DB.prepare("UPDATE api_tokens SET revoked_at = ?").bind(now).run();

  expect(await identifyCaller(db, bootstrap, another, now + 1, { askNow: true })).toEqual({
    ok: false,
    refusal: { reason: "revoked-token" },
  });
  expect((await identifyCaller(db, bootstrap, another, now + 2)).ok).toBe(false);
});

test("a token that this isolate read expires on time, and loses its role when this isolate takes it", async () => {
  const expiresAt = now + 1_000;
  const token = await usedToken({ expiresAt });

  expect((await identifyCaller(db, bootstrap, token, expiresAt - 1)).ok).toBe(true);
  expect((await identifyCaller(db, bootstrap, token, expiresAt)).ok).toBe(false);

  const other = await usedToken();
  const known = await identifyCaller(db, bootstrap, other, now);
  await changeToken(db, known.ok ? known.value.tokenId : "", { role: "viewer" });

  expect(await identifyCaller(db, bootstrap, other, now + 1)).toMatchObject({ value: { role: "viewer" } });
});

test("a token that was read while it was revoked is not held", async () => {
  const { row, token } = await createToken(db, operator, "t", now);
  const read = identifyCaller(db, bootstrap, token, now);
  await revokeToken(db, row.id, now);
  await read;

  expect((await identifyCaller(db, bootstrap, token, now + 1)).ok).toBe(false);
});

const operator = { name: "n", role: "operator" as const, rights: [], expiresAt: undefined };

/** A token that this isolate has read. */
async function usedToken(more: { expiresAt?: number } = {}): Promise<string> {
  const { token } = await createToken(db, { ...operator, ...more }, "t", now);
  // The first use writes its time, and what was read before a write is forgotten.
  await identifyCaller(db, bootstrap, token, now);
  expect((await identifyCaller(db, bootstrap, token, now)).ok).toBe(true);
  return token;
}
