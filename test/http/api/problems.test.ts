import { env, exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { ask, origin, tokenFor } from "../../support/admin.ts";
import { alarmOf, enrolledDevice } from "../../support/fleet.ts";
import { run } from "../../support/jobs.ts";
import { happen } from "../../support/receiver.ts";

const day = 24 * 60 * 60_000;
const codesOf = async (query = "") =>
  (await ask("GET", `/api/v1/problems${query}`)).json.items.map(({ code }: { code: string }) => code);

beforeAll(async () => {
  const mac = await enrolledDevice("mac");
  await alarmOf(mac);
  await env.DB.prepare(
    "UPDATE devices SET enrolled_at = ?1, supervised = 1, encrypted = 1, last_seen_at = ?1 WHERE id = ?2",
  )
    .bind(Date.now() - 40 * day, mac.id)
    .run();
  await ask("PATCH", "/api/v1/settings", { json: { allow_replacement: true } });
});

test("problems are listed as the jobs find them, most urgent first, with what to do", async () => {
  await run("problems");
  await run("fleet-problems");

  const { json } = await ask("GET", "/api/v1/problems", { token: await tokenFor("viewer") });

  expect(json.items.map(({ code, urgency }: { code: string; urgency: string }) => [urgency, code])).toEqual([
    ["urgent", "push-certificate-missing"],
    ["soon", "backup-old"],
    ["soon", "escrow-missing-bootstrap-token"],
    ["soon", "escrow-missing-filevault-key"],
    ["notice", "unsafe-setting"],
    ["notice", "devices-silent"],
  ]);
  expect(json.items[0]).toMatchObject({
    title: "There is no push certificate",
    means: expect.stringContaining("No device is woken"),
    what_to_do: expect.stringContaining("docs/push.md"),
    devices: 1,
  });
  expect(await codesOf("?urgency=notice")).toEqual(["unsafe-setting", "devices-silent"]);
});

test("they are told in the language of the reader, and the answer says which", async () => {
  const spoken = async (query: string, wish?: string) => {
    const answer = await exports.default.fetch(
      `${origin}/api/v1/problems?code=push-certificate-missing${query}`,
      {
        headers: {
          Authorization: `Bearer ${await tokenFor("viewer")}`,
          ...(wish !== undefined && { "Accept-Language": wish }),
        },
      },
    );
    const { items } = await answer.json<{ items: { title: string; facts: object }[] }>();
    return [answer.headers.get("Content-Language"), items[0]?.title];
  };

  expect(await spoken("")).toEqual(["en", "There is no push certificate"]);
  expect(await spoken("", "nl, fr-CH;q=0.9, de;q=0.5")).toEqual(["fr", "Il n’y a pas de certificat push"]);
  expect(await spoken("&language=ja", "fr")).toEqual(["ja", "プッシュ証明書がありません"]);
  const { status, headers } = await ask("GET", "/api/v1/problems?language=tlh");
  expect(status).toBe(400);
  expect((await ask("GET", "/api/v1/problems")).headers.get("Vary")).toContain("Accept-Language");
  expect(headers.get("Content-Type")).toContain("application/problem+json");
});

test("a device that escrows its token, a backup and a safer setting are the end of them", async () => {
  await ask("GET", "/api/v1/backup");
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: string = (await ask("GET", `/api/v1/backup${cursor && `?cursor=${cursor}`}`)).text;
    cursor = JSON.parse(page.trim().split("\n").at(-1) ?? "{}").next_cursor;
  }
  await ask("PATCH", "/api/v1/settings", { json: { allow_replacement: false } });
  const mac = await enrolledDevice("mac");
  await mac.setBootstrapToken(new Uint8Array([1, 2, 3]));
  await alarmOf(mac);
  const row = await env.DB.prepare("SELECT has_bootstrap_token FROM devices WHERE id = ?")
    .bind(mac.id)
    .first();
  expect(row).toEqual({ has_bootstrap_token: 1 });
  await env.DB.exec("UPDATE devices SET has_bootstrap_token = 1, has_filevault_key = 1");

  await run("problems");
  await run("fleet-problems");

  expect(await codesOf()).toEqual(["push-certificate-missing", "devices-silent"]);
  const closed = (await ask("GET", "/api/v1/events?name=problem.closed")).json.items;
  expect(closed.map(({ detail }: { detail: { problem: string } }) => detail.problem)).toContain("backup-old");
});

test("commands that wait for long count where the device is there, and failed profiles where they failed", async () => {
  const old = Date.now() - 8 * day;
  for (const [device, seen] of [
    ["THERE", Date.now()],
    ["AWAY", old],
  ] as const) {
    await env.DB.prepare(
      "INSERT INTO devices (id, state, kind, created_at, last_seen_at) VALUES (?, 'enrolled', 'device', 0, ?)",
    )
      .bind(device, seen)
      .run();
    await env.DB.prepare(
      "INSERT INTO commands (uuid, device_id, user_id, request_type, state, origin, seq, queued_at) VALUES ('U', ?, '', 'RestartDevice', 'not_now', 't', 1, ?)",
    )
      .bind(device, old)
      .run();
  }
  await happen([{ device: "THERE" }]);

  await run("fleet-problems");

  const { json } = await ask("GET", "/api/v1/problems?code=queues-stuck");
  expect(json.items).toEqual([
    expect.objectContaining({
      devices: 1,
      title: "1 device connects but leaves commands waiting for more than 7 days",
      facts: expect.objectContaining({ device: "THERE", request_type: "RestartDevice" }),
    }),
  ]);
});

test("an app that has failed for more than a day is told, one that may be tried again is not", async () => {
  for (const name of ["lost-app", "tried-app"])
    await ask("PUT", `/api/v1/apps/${name}`, {
      json: { source: { manifest: { url: "https://apps.example.com/a.plist" } } },
    });
  const put = (device: string, name: string, since: number) =>
    env.DB.prepare(
      "INSERT INTO app_states (device_id, name, state, reason, since, version, seq) VALUES (?, ?, 'failed', 'no', ?, 1, 1)",
    )
      .bind(device, name, since)
      .run();
  await put("A", "lost-app", Date.now() - 2 * day);
  await put("B", "lost-app", Date.now() - 3 * day);
  await put("A", "tried-app", Date.now() - day / 2);

  await run("fleet-problems");

  const german = await ask("GET", "/api/v1/problems?code=app-given-up&language=de");
  expect(german.json.items).toEqual([
    expect.objectContaining({
      devices: 2,
      title: "Auf 2 Geräten ist die App lost-app endgültig fehlgeschlagen",
      facts: expect.objectContaining({ app: "lost-app", count: 2 }),
    }),
  ]);
});

test("the key in its address opens the calendar, until it is withdrawn", async () => {
  const anybody = (url: string) => exports.default.fetch(url);
  expect((await anybody(`${origin}/api/v1/problems.ics?key=`)).status).toBe(404);
  const { url } = (await ask("POST", "/api/v1/problems/calendar")).json;

  const calendar = await anybody(url);
  expect(calendar.status).toBe(200);
  expect(calendar.headers.get("Content-Type")).toBe("text/calendar; charset=utf-8");
  expect(await calendar.text()).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n/);
  const own = (await ask("POST", "/api/v1/problems/calendar?language=de")).json.url;
  expect((await anybody(url)).status).toBe(404);
  const german = await anybody(own);
  expect([german.status, german.headers.get("Content-Language")]).toEqual([200, "de"]);
  expect(await german.text()).toContain("PRODID:-//edgemdm//problems//DE");
  expect((await anybody(own.replace("key=", "key=x"))).status).toBe(404);
  expect((await ask("GET", "/api/v1/settings")).text).not.toContain(new URL(own).searchParams.get("key"));

  await ask("PATCH", "/api/v1/settings", { json: { calendar_key: null } });
  expect((await anybody(own)).status).toBe(404);
});
