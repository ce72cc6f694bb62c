import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { toBase64, utf8 } from "../../../src/base/bytes.ts";
import { buildCommand } from "../../../src/commands/command.ts";
import { ask, tokenFor } from "../../support/admin.ts";
import type { AppleDevice } from "../../support/apple-device.ts";
import { enrolledDevice, give, invite, objectOf } from "../../support/fleet.ts";

const escrowOf = (device: { id: string }, name = "", token?: string) =>
  ask(
    "GET",
    `/api/v1/devices/${encodeURIComponent(device.id)}/escrow${name && `/${name}`}`,
    token ? { token } : {},
  );

/** A Mac that has handed over its bootstrap token and was given a PIN. */
async function trustingMac(): Promise<AppleDevice> {
  const device = await enrolledDevice("mac");
  await device.setBootstrapToken();
  const command = buildCommand("DeviceLock", { PIN: "271828" });
  if (!command.ok) throw new Error(command.refusal.detail);
  const { uuid, requestType, body } = command.value;
  const input = {
    uuid,
    userId: "",
    requestType,
    high: false,
    renewal: false,
    expiresAt: null,
    origin: "test",
    push: false,
  };
  await objectOf(device).enqueue(input, body, [{ name: "lock-pin", value: utf8("271828"), confirmed: true }]);
  return device;
}

describe("what is escrowed", () => {
  test("is listed for a viewer by name and time, and never by value", async () => {
    const device = await trustingMac();

    const { status, json, text } = await escrowOf(device, "", await tokenFor("viewer"));

    expect(status).toBe(200);
    expect(json.items).toMatchObject([
      {
        name: "lock-pin",
        generation: 1,
        current: true,
        confirmed: true,
        archived_at: null,
        device_id: device.id,
      },
      { name: "bootstrap-token", generation: 1, current: true },
    ]);
    expect(text).not.toContain("271828");
    expect(text).not.toContain(toBase64(device.bootstrapToken).slice(0, 20));
  });

  test("is read by an admin, text as text and bytes as base64", async () => {
    const device = await trustingMac();

    const pin = await escrowOf(device, "lock-pin");
    const token = await escrowOf(device, "bootstrap-token");

    expect(pin.json).toMatchObject({ name: "lock-pin", value: "271828", encoding: "text" });
    expect(token.json).toMatchObject({ value: toBase64(device.bootstrapToken), encoding: "base64" });
    expect(token.json.items).toMatchObject([{ value: toBase64(device.bootstrapToken), generation: 1 }]);
  });

  test("is read with a trace: who, when, and what of", async () => {
    const device = await trustingMac();
    await escrowOf(device, "lock-pin");
    await escrowOf(device, "lock-pin", await tokenFor("operator"));

    const { json } = await ask("GET", `/api/v1/audit?target=devices/${device.id}/escrow/lock-pin`);

    expect(json.items).toMatchObject([
      { method: "GET", outcome: "refused", token_name: "a operator" },
      { method: "GET", outcome: "done", token_id: "ADMIN_TOKEN" },
    ]);
    expect(JSON.stringify(json)).not.toContain("271828");
  });

  test.each(["viewer", "operator"] as const)("is not read by a %s", async (role) => {
    const device = await trustingMac();

    const answer = await escrowOf(device, "lock-pin", await tokenFor(role));

    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain("271828");
  });

  test("of an earlier enrollment stays readable, and is not the one in force", async () => {
    const device = await trustingMac();

    await device.enroll({ ...(await invite({ udid: device.hardware.udid })), freshKey: true });

    const { json } = await escrowOf(device, "bootstrap-token");
    expect(json).toMatchObject({ value: null, encoding: null });
    expect(json.items).toMatchObject([
      { generation: 1, current: false, value: toBase64(device.bootstrapToken) },
    ]);
  });

  test("outlives its device, by id and by serial number", async () => {
    const device = await trustingMac();
    expect((await ask("DELETE", `/api/v1/devices/${device.id}?force=true`)).status).toBe(204);

    const byId = await escrowOf(device, "lock-pin");
    const bySerial = await escrowOf({ id: device.hardware.serialNumber }, "bootstrap-token");

    expect(byId.json.items).toMatchObject([{ value: "271828", device_id: device.id, current: false }]);
    expect(byId.json.items[0].archived_at).not.toBeNull();
    expect(bySerial.json.items).toMatchObject([{ value: toBase64(device.bootstrapToken) }]);
    expect((await escrowOf(device)).json.items).toHaveLength(2);
  });

  test("outlives its device even when that told it a moment ago", async () => {
    const device = await enrolledDevice("iphone");
    const uuid = await give(device, "ActivationLockBypassCode");
    await device.idle();
    await device.acknowledge(uuid, { ActivationLockBypassCode: "LAST-MINUTE" });

    await ask("DELETE", `/api/v1/devices/${device.id}?force=true`);

    const { json } = await escrowOf(device, "activation-lock-bypass");
    expect(json.items).toMatchObject([{ value: "LAST-MINUTE", current: false }]);
  });

  test("is read with a reason, which the audit log keeps; a setting makes it a must", async () => {
    const device = await trustingMac();
    const read = (query: string) => ask("GET", `/api/v1/devices/${device.id}/escrow/lock-pin${query}`);
    const entries = async () =>
      (await ask("GET", `/api/v1/audit?target=devices/${device.id}/escrow/lock-pin`)).json.items;

    expect((await read("?reason=Ada%20forgot%20it%20(ticket%204711)")).json.value).toBe("271828");
    expect((await read("")).status).toBe(200);
    expect((await entries()).map(({ reason }: { reason: string | null }) => reason)).toEqual([
      null,
      "Ada forgot it (ticket 4711)",
    ]);

    const must = (escrow_reason_required: boolean) =>
      ask("PATCH", "/api/v1/settings", { json: { escrow_reason_required } });
    await must(true);
    const refused = await read("");
    expect([refused.status, refused.json.errors]).toEqual([
      400,
      [
        {
          pointer: "/reason",
          code: "required",
          detail: "say why you read it: the setting escrow_reason_required asks for a reason",
          in: "query",
        },
      ],
    ]);
    expect(refused.text).not.toContain("271828");
    expect((await read("?reason=lost")).status).toBe(200);
    expect((await entries())[0]).toMatchObject({ outcome: "done", reason: "lost" });
    await must(false);

    for (const bad of ["%20", "", "a%0Ab", "x".repeat(201)])
      expect((await read(`?reason=${bad}`)).status, bad).toBe(400);
  });

  test("lies sealed in the archive", async () => {
    const device = await trustingMac();
    await ask("DELETE", `/api/v1/devices/${device.id}?force=true`);

    const { results } = await env.DB.prepare("SELECT * FROM escrow_archive WHERE device_id = ?")
      .bind(device.id)
      .all();

    expect(results).toHaveLength(2);
    expect(JSON.stringify(results)).not.toContain(toBase64(utf8("271828")).slice(0, 8));
  });

  test("under a name that there is not is a mistake; of a device that there is not, nothing", async () => {
    const device = await enrolledDevice();

    const wrong = await escrowOf(device, "passwords");
    expect([wrong.status, wrong.json.errors]).toMatchObject([400, [{ pointer: "/name", in: "path" }]]);
    expect((await escrowOf(device, "lock-pin")).json).toMatchObject({ value: null, items: [] });
    expect((await escrowOf({ id: "NOBODY" }, "lock-pin")).status).toBe(404);
    expect((await escrowOf({ id: "NOBODY" })).status).toBe(404);
  });
});
