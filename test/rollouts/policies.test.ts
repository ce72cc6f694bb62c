import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { loadDesiredState } from "../../src/assignment/desired-state.ts";
import { day } from "../../src/base/time.ts";
import { versionKey } from "../../src/mdm/platform.ts";
import { ask } from "../support/admin.ts";
import { finish, run } from "../support/jobs.ts";

const policy = "/api/v1/software-updates/policies/winter";
const deadline = `${new Date(Date.now() + 14 * day).toISOString().slice(0, 10)}T18:00:00`;
const macs = Array.from({ length: 10 }, (_, at) => `MAC-${at}`);

async function save(version: string, rollout: string | null) {
  const target = { kind: "version", version, deadline };
  const answer = await ask("PUT", policy, {
    json: { platforms: ["macos"], target, sets: ["macs"], rollout },
  });
  expect(answer.status, answer.text).toBeLessThan(300);
  await finish("software-updates");
  await finish("rollouts");
}

/** The version that each Mac should have now. */
async function versions(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const deviceId of macs) {
    const place = { deviceId, generation: 1, origin: "https://mdm.example.com" };
    const [state] = (await loadDesiredState(env, place, [""])) ?? [];
    const declared = state?.declarations.find(
      ({ identifier }) => identifier === "software-update.winter.macos",
    );
    const version = declared ? JSON.parse(declared.body).Payload.TargetOSVersion : "none";
    counts[version] = (counts[version] ?? 0) + 1;
  }
  return counts;
}

test("a new target of a software-update policy goes in rings, and a cancelled one is not asked for again", async () => {
  for (const version of ["15.1", "15.2", "15.3"])
    await ask("PUT", `/api/v1/software-updates/releases/macos/${version}`, {
      json: { released_at: "2026-01-01T10:00:00Z" },
    });
  await ask("PUT", "/api/v1/sets/macs", { json: {} });
  await env.DB.batch(
    macs.flatMap((id) => [
      env.DB.prepare(
        `INSERT INTO devices (id, state, kind, platform, generation, os_version, os_key, attributes, created_at)
          VALUES (?, 'enrolled', 'device', 'macos', 1, '15.0', ?, '{}', 0)`,
      ).bind(id, versionKey("15.0")),
      env.DB.prepare(
        "INSERT INTO channel_sets (device_id, user_id, set_name, source) VALUES (?, '', 'macs', 'given')",
      ).bind(id),
    ]),
  );

  await save("15.1", "standard");
  expect(await versions()).toEqual({ "15.1": 1, none: 9 });
  const { items: begun } = (await ask("GET", "/api/v1/rollouts")).json;
  expect(begun).toMatchObject([{ kind: "policy", subject: "winter macos", state: "running", ring: 1 }]);
  expect((await ask("POST", `/api/v1/rollouts/${begun[0].id}/finish`)).status).toBe(200);
  expect(await versions()).toEqual({ "15.1": 10 });

  await save("15.2", "standard");
  expect(await versions()).toEqual({ "15.1": 9, "15.2": 1 });
  await run("software-updates");
  await finish("rollouts");
  const { items } = (await ask("GET", "/api/v1/rollouts")).json;
  expect(items.map(({ state }: { state: string }) => state)).toEqual(["running", "finished"]);

  const cancelled = await ask("POST", `/api/v1/rollouts/${items[0].id}/cancel`);
  expect(cancelled.json).toMatchObject({ state: "cancelled" });
  expect(await versions()).toEqual({ "15.1": 10 });
  const { remarks } = await run("software-updates");
  expect(remarks).toMatchObject([{ about: "winter", detail: expect.stringContaining("was cancelled") }]);
  expect(await versions()).toEqual({ "15.1": 10 });

  await save("15.3", null);
  expect(await versions()).toEqual({ "15.3": 10 });
});
