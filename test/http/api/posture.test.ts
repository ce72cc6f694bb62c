import { env } from "cloudflare:workers";
import { SignJWT } from "jose";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { forgetSettings } from "../../../src/admin/settings.ts";
import { forgetKeys } from "../../../src/sign-in/keys.ts";
import { ask, tokenFor } from "../../support/admin.ts";
import { newKey } from "../../support/fake-provider/provider.ts";
import { insertRows } from "../../support/seeded-fleet.ts";

const day = 86_400_000;
const client = { client_id: "0123456789abcdef.access", client_secret: `cfast_${"a".repeat(48)}` };
const next = { client_id: "fedcba9876543210.access", client_secret: `cfast_${"b".repeat(48)}` };
const shown = ({ client_id, client_secret }: typeof client) => ({
  "CF-Access-Client-Id": client_id,
  "CF-Access-Client-Secret": client_secret,
});

type Row = Record<string, string | number | null>;
const healthy = (): Row => ({
  state: "enrolled",
  kind: "device",
  platform: "macos",
  os_version: "15.1",
  encrypted: 1,
  passcode_present: 1,
  passcode_compliant: 1,
  attested_at: Date.now(),
  last_seen_at: Date.now(),
  created_at: 1,
});

beforeEach(async () => {
  for (const table of ["devices", "channel_sets", "software_update_policies"])
    await env.DB.exec(`DELETE FROM ${table}`);
  forgetSettings();
  forgetKeys();
  await ask("PATCH", "/api/v1/settings", { json: { posture_callers: [client], posture_access: null } });
});

const put = (...rows: Row[]) =>
  insertRows(
    env.DB,
    "devices",
    rows.map((row) => ({ ...healthy(), ...row })),
  );

const judge = (json: unknown, headers: Record<string, string> = shown(client)) =>
  ask("POST", "/api/v1/posture", { token: null, headers, json });

const one = (serial_number: string | null) => ({
  device_id: `warp-${serial_number}`,
  email: "ada@example.com",
  serial_number,
  mac_address: "",
  virtual_ipv4: "100.96.0.1",
  hostname: "mac",
});

describe("the score", () => {
  test("is the points of all that holds, for each device that was asked about", async () => {
    await put(
      { id: "GOOD", serial: "C02GOOD" },
      { id: "OPEN", serial: "C02OPEN", encrypted: 0, attested_at: null },
      { id: "DUMB", serial: "C02DUMB", encrypted: null, passcode_present: null, passcode_compliant: null },
      { id: "LATE", serial: "C02LATE", last_seen_at: Date.now() - 8 * day },
      { id: "WEAK", serial: "C02WEAK", passcode_compliant: 0 },
      { id: "GONE", serial: "C02GONE", state: "unenrolled" },
      { id: "TWIN1", serial: "C02TWIN" },
      { id: "TWIN2", serial: "C02TWIN" },
    );
    const serials = ["C02GOOD", "c02open", "C02DUMB", "C02LATE", "C02WEAK", "C02GONE", "C02TWIN", "NOBODY"];

    const { status, json } = await judge({
      devices: [...serials.map(one), one(null), { device_id: "bare" }],
    });

    expect(status).toBe(200);
    expect(json).toEqual({
      result: {
        "warp-C02GOOD": { s2s_id: "GOOD", score: 100 },
        "warp-c02open": { s2s_id: "OPEN", score: 75 },
        "warp-C02DUMB": { s2s_id: "DUMB", score: 70 },
        "warp-C02LATE": { s2s_id: "LATE", score: 90 },
        "warp-C02WEAK": { s2s_id: "WEAK", score: 85 },
        "warp-C02GONE": { s2s_id: "", score: 0 },
        "warp-C02TWIN": { s2s_id: "", score: 0 },
        "warp-NOBODY": { s2s_id: "", score: 0 },
        "warp-null": { s2s_id: "", score: 0 },
        bare: { s2s_id: "", score: 0 },
      },
    });
  });

  test("falls while an update is overdue, for the devices that it is meant for", async () => {
    await put(
      { id: "OLD", serial: "OLD" },
      { id: "NEW", serial: "NEW", os_version: "15.3" },
      { id: "FREE", serial: "FREE" },
    );
    for (const id of ["OLD", "NEW"])
      await env.DB.prepare(
        "INSERT INTO channel_sets (device_id, user_id, set_name, source) VALUES (?, '', 'macs', 'given')",
      )
        .bind(id)
        .run();
    await env.DB.prepare(
      `INSERT INTO software_update_policies (name, platforms, target, sets, removed, created_at, updated_at, updated_by)
       VALUES ('must', '["macos"]', ?, '["macs"]', 0, 1, 1, 'x')`,
    )
      .bind(JSON.stringify({ kind: "version", version: "15.2", deadline: "2026-01-01T12:00:00" }))
      .run();

    const { json } = await judge({ devices: ["OLD", "NEW", "FREE"].map(one) });

    const scores = Object.values(json.result as Record<string, { score: number }>).map(({ score }) => score);
    expect(scores).toEqual([90, 100, 100]);
  });

  test("follows the policy, whose points must be 100 together", async () => {
    await put({ id: "GOOD", serial: "GOOD", encrypted: 0 });
    const policy = { enrolled: 0, seen: 0, encrypted: 100, passcode: 0, os: 0, attested: 0, seen_days: 1 };

    expect((await ask("PATCH", "/api/v1/settings", { json: { posture_policy: policy } })).status).toBe(200);
    const { json } = await judge({ devices: [one("GOOD")] });
    const wrong = await ask("PATCH", "/api/v1/settings", { json: { posture_policy: { ...policy, os: 1 } } });

    expect(json.result["warp-GOOD"]).toEqual({ s2s_id: "GOOD", score: 0 });
    expect([wrong.status, wrong.json.errors[0].detail]).toEqual([
      400,
      expect.stringContaining("100 together"),
    ]);
    await ask("PATCH", "/api/v1/settings", {
      json: {
        posture_policy: {
          enrolled: 40,
          seen: 10,
          encrypted: 15,
          passcode: 15,
          os: 10,
          attested: 10,
          seen_days: 7,
        },
      },
    });
  });

  test("is given to a thousand devices in one call, in either spelling, and to no more", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, number) => one(`S${number}`));
    await put(...many(200).map(({ serial_number }) => ({ id: `D-${serial_number}`, serial: serial_number })));

    const { status, json } = await judge({ Devices: many(1_000) });

    expect(status).toBe(200);
    expect(Object.keys(json.result)).toHaveLength(1_000);
    expect(json.result["warp-S199"]).toEqual({ s2s_id: "D-S199", score: 100 });
    expect((await judge({ devices: many(1_001) })).status).toBe(400);
    expect((await judge({})).status).toBe(400);
    expect((await judge({ devices: [{ serial_number: "S1" }] })).status).toBe(400);
  });
});

describe("who may ask", () => {
  const question = { devices: [one("S")] };

  test("a service token that the settings name, also one of two during a rotation", async () => {
    expect((await judge(question)).status).toBe(200);
    expect((await judge(question, shown(next))).status).toBe(401);
    await ask("PATCH", "/api/v1/settings", { json: { posture_callers: [client, next] } });
    expect((await judge(question, shown(next))).status).toBe(200);
    // Each secret is good with its own id only.
    expect((await judge(question, shown({ ...next, client_id: client.client_id }))).status).toBe(401);
    expect((await judge(question, { "CF-Access-Client-Secret": client.client_secret })).status).toBe(401);
  });

  test("nobody, while there is no such setting, but who has an API token", async () => {
    await ask("PATCH", "/api/v1/settings", { json: { posture_callers: null } });
    expect((await judge(question)).status).toBe(401);
    expect((await judge(question, {})).status).toBe(401);
    expect(
      (await ask("POST", "/api/v1/posture", { token: await tokenFor("viewer"), json: question })).status,
    ).toBe(200);
  });

  test("the secret is shown to nobody", async () => {
    const { text } = await ask("GET", "/api/v1/settings");
    expect(text).not.toContain(client.client_secret);
  });

  test("Access in front, whose assertion names the service token", async () => {
    const issuer = "https://example.cloudflareaccess.com";
    const [key, other] = [await newKey(), await newKey()];
    const access = { issuer, audience: "0123456789abcdef" };
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ keys: [key.jwk] }));
    const assertion = async (claims: object, signer = key) => {
      const now = Math.floor(Date.now() / 1000);
      const told = {
        iss: issuer,
        aud: [access.audience],
        sub: "",
        iat: now,
        exp: now + 60,
        type: "app",
        ...claims,
      };
      return new SignJWT(told).setProtectedHeader({ alg: "RS256", kid: signer.kid }).sign(signer.privateKey);
    };
    const through = async (claims: object, signer = key) =>
      (await judge(question, { "Cf-Access-Jwt-Assertion": await assertion(claims, signer) })).status;
    const named = { common_name: client.client_id };

    expect(await through(named), "Access is not known").toBe(401);
    await ask("PATCH", "/api/v1/settings", { json: { posture_access: access } });

    expect(await through(named)).toBe(200);
    expect(await through({ common_name: next.client_id }), "another service token").toBe(401);
    expect(await through({ email: "ada@example.com", sub: "7" }), "a person").toBe(401);
    expect(await through({ ...named, aud: ["another"] }), "another application").toBe(401);
    expect(await through({ ...named, exp: 1 }), "expired").toBe(401);
    expect(await through(named, { ...other, kid: key.kid }), "another key").toBe(401);
  });
});
