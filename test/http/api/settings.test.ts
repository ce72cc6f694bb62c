import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ask, tokenFor } from "../../support/admin.ts";

const patch = (json: unknown, token?: string) =>
  ask("PATCH", "/api/v1/settings", { json, ...(token && { token }) });

test("before anything is set, the defaults are in force", async () => {
  const answer = await ask("GET", "/api/v1/settings");

  expect(answer.json).toMatchObject({
    organization: "edgemdm",
    identity_validity_days: 397,
    identity_renewal_days: 60,
    identity_grace_days: 30,
    identity_overlap_days: 14,
    allow_replacement: false,
    unknown_device: "refuse",
    user_authenticate: "decline",
    static_challenge: null,
    finished_commands_kept: 200,
    finished_commands_days: 90,
    command_expiry_days: null,
  });
});

test("a patch changes what it names and leaves the rest", async () => {
  await patch({ organization: "Example", command_expiry_days: 7 });
  const second = await patch({ command_expiry_days: null });

  expect(second.status).toBe(200);
  expect(second.json).toMatchObject({
    organization: "Example",
    command_expiry_days: null,
    finished_commands_kept: 200,
  });
  expect((await ask("GET", "/api/v1/settings")).json).toEqual(second.json);
});

test("all errors in a patch are listed together, and nothing of it is stored", async () => {
  const before = (await ask("GET", "/api/v1/settings")).json;

  const answer = await patch({
    finished_commands_kept: -1,
    unknown_device: "explode",
    organisation: "x",
    allow_replacement: true,
  });

  expect(answer.status).toBe(400);
  expect(
    answer.json.errors.map((error: { pointer: string; code: string }) => [error.pointer, error.code]),
  ).toEqual([
    ["/unknown_device", "picklist"],
    ["/finished_commands_kept", "min_value"],
    ["/organisation", "unknown"],
  ]);
  expect((await ask("GET", "/api/v1/settings")).json).toEqual(before);
});

test("settings that contradict each other are refused, with what is in force", async () => {
  const answer = await patch({ identity_validity_days: 60 });

  expect(answer.status).toBe(400);
  expect(answer.json.errors).toEqual([
    {
      pointer: "/identity_renewal_days",
      code: "conflicting-settings",
      detail:
        "must be less than identity_validity_days, which is 60: otherwise a new identity would be due for renewal at once",
    },
  ]);
  expect((await patch({ identity_validity_days: 60, identity_renewal_days: 20 })).status).toBe(200);
});

test("a secret setting is sealed in the database and masked in answers", async () => {
  const secret = "correct horse battery staple";

  const answer = await patch({ static_challenge: secret });

  expect(answer.json.static_challenge).toBe("********");
  expect((await ask("GET", "/api/v1/settings")).json.static_challenge).toBe("********");
  const { results } = await env.DB.prepare("SELECT * FROM settings").all();
  expect(JSON.stringify(results)).not.toContain(secret);
  expect((await patch({ static_challenge: "********" })).status, "the mask is no value").toBe(400);
  expect((await patch({ static_challenge: null })).json.static_challenge).toBeNull();
});

test("a viewer reads settings, only an admin changes them", async () => {
  const [viewer, operator] = [await tokenFor("viewer"), await tokenFor("operator")];

  expect((await ask("GET", "/api/v1/settings", { token: viewer })).status).toBe(200);
  expect((await patch({ organization: "Mine" }, operator)).status).toBe(403);
});
