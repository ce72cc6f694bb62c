import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { forgetSettings, patchSettings } from "../../src/admin/settings.ts";
import { openDb } from "../../src/db/open.ts";
import { noteRelease } from "../../src/db/problem-facts.ts";
import { fleetProblems } from "../../src/jobs/kinds/fleet-problems.ts";
import { problems } from "../../src/jobs/kinds/problems.ts";
import type { Json } from "../../src/jobs/run.ts";
import { insertRows } from "../support/seeded-fleet.ts";

// Two years of a deployment, with the clock of the test: every tenth day, and every day where something ends. What was
// said, and when, is what counts.
const day = 24 * 60 * 60_000;
const start = Date.UTC(2027, 0, 1, 6);
const dayNumber = (at: number): number => Math.round((at - start) / day);
const at = (number: number): number => start + number * day;

const between = (number: number, from: number, to: number): boolean => number >= from && number <= to;
const days = Array.from({ length: 731 }, (_, number) => number).filter(
  (number) => number % 10 === 0 || number === 45 || between(number, 296, 430) || between(number, 660, 730),
);

type Said = { day: number; name: string; problem: string; title: string };

async function said(): Promise<Said[]> {
  const { results } = await env.DB.prepare(
    "SELECT name, detail, at FROM events WHERE name LIKE 'problem.%' ORDER BY id",
  ).all<{ name: string; detail: string; at: number }>();
  return results.map(({ name, detail, at: when }) => {
    const { problem, title } = JSON.parse(detail) as { problem: string; title: string };
    return { day: dayNumber(when), name: name.replace("problem.", ""), problem, title };
  });
}

const of = (all: readonly Said[], problem: string) =>
  all.filter((one) => one.problem === problem).map(({ day: when, name }) => `${when} ${name}`);

/** Both jobs. The walk over the fleet comes daily; here every tenth day, which is quicker and tells as much. */
async function today(now: number): Promise<void> {
  await problems.page(env, null, now);
  if (dayNumber(now) % 10 !== 0) return;
  let cursor: Json = fleetProblems.begin;
  for (;;) {
    const page = await fleetProblems.page(env, cursor, now);
    if ("ends" in page) return;
    cursor = page.next;
  }
}

const sql = (statement: string, ...values: (string | number | null)[]) =>
  env.DB.prepare(statement)
    .bind(...values)
    .run();

const pushCertificate = (id: string, topic: string, from: number) =>
  sql(
    `INSERT INTO push_certificates (id, fingerprint, topic, certificate, sealed_key, serial, not_before, not_after,
       account, in_use, created_at) VALUES (?, ?, ?, '', '', '', ?, ?, 'it@example.com', 1, ?)`,
    id,
    id,
    topic,
    from,
    from + 365 * day,
    from,
  );

beforeEach(async () => {
  for (const table of [
    "events",
    "problems",
    "devices",
    "certificates",
    "authorities",
    "push_certificates",
    "newest_releases",
    "mail_states",
  ])
    await env.DB.exec(`DELETE FROM ${table}`);
  forgetSettings();
});

test("two years of a deployment: everything is said in time, once a step, and is over when it is done", async () => {
  await sql(
    "INSERT INTO authorities (id, fingerprint, certificate, subject, not_before, not_after, issuing, created_at) VALUES ('ca', 'ca', '', 'CN=ca', ?, ?, 1, ?)",
    start,
    at(3650),
    start,
  );
  await pushCertificate("push-1", "com.apple.mgmt.one", at(-2));
  await insertRows(
    env.DB,
    "devices",
    [
      { id: "MAC", state: "enrolled", kind: "device", platform: "macos", supervised: 1, encrypted: 1 },
      { id: "PHONE", state: "enrolled", kind: "device", platform: "ios", supervised: 1, encrypted: 1 },
    ].map((row) => ({ ...row, created_at: start, enrolled_at: start, last_seen_at: start })),
  );
  await sql(
    `INSERT INTO certificates (fingerprint, authority_id, serial, subject, device_id, purpose, how, spki_hash, not_before,
       not_after, issued_at, der) VALUES ('c1', 'ca', '1', '', 'PHONE', 'enrollment', 'scep', '', ?, ?, ?, '')`,
    start,
    at(397),
    start,
  );

  for (const number of days) {
    const now = at(number);
    // The phone is lost on day 300; the Mac is always there, and gives its keys on day 45.
    await sql("UPDATE devices SET last_seen_at = ? WHERE id = 'MAC' OR ? < 300", now, number);
    if (number === 45)
      await sql("UPDATE devices SET has_bootstrap_token = 1, has_filevault_key = 1 WHERE id = 'MAC'");
    // Somebody makes a backup once, and reacts to the push certificate three days before its end.
    if (number === 100) await sql("INSERT INTO backups_made (backup, finished_at) VALUES ('b', ?)", now);
    if (number === 360) {
      await sql("UPDATE push_certificates SET not_after = ? WHERE id = 'push-1'", at(360 + 365));
    }
    if (number === 450) await sql("UPDATE devices SET state = 'unenrolled' WHERE id = 'PHONE'");
    if (number === 500) await patchSettings(env, { allow_replacement: true }, now);
    if (number === 510) await patchSettings(env, { allow_replacement: false }, now);
    // The Mac gets a recovery lock from a person, and fails to attest itself for a month.
    if (number === 520) await sql("UPDATE devices SET recovery_lock = 1 WHERE id = 'MAC'");
    if (number === 540) await sql("UPDATE devices SET has_recovery_lock = 1 WHERE id = 'MAC'");
    if (number === 550) await sql("UPDATE devices SET attestation_failed_at = ? WHERE id = 'MAC'", now);
    if (number === 580) await sql("UPDATE devices SET attestation_failed_at = NULL WHERE id = 'MAC'");
    // A release is out for a hundred days; mail is wanted before it is set up; the database becomes large, and gets room.
    if (number === 440) await patchSettings(env, { release_url: "https://example.com/latest" }, now);
    if (number === 450) await noteRelease(openDb(env.DB), "99.0.0", now);
    if (number === 550) await patchSettings(env, { release_url: null }, now);
    if (number === 600) await patchSettings(env, { mail_to: ["it@example.com"] }, now);
    if (number === 620) await patchSettings(env, { mail_to: [] }, now);
    if (number === 630) await patchSettings(env, { platform_database_mb: 1 }, now);
    if (number === 650) await patchSettings(env, { platform_database_mb: 10_000 }, now);
    await today(now);
  }

  const all = await said();
  expect(of(all, "push-certificate-ends")).toEqual([
    // A year, less two days: at 60, 30, 14, 7 and 3 days before the end; then it was renewed.
    ...["303 opened", "333 reminded", "349 reminded", "356 reminded", "360 closed"],
    // The second time nobody did: each step again, and after its end once a week.
    ...[
      "665 opened",
      "695 reminded",
      "711 reminded",
      "718 reminded",
      "722 reminded",
      "724 reminded",
      "725 reminded",
    ],
  ]);
  expect(of(all, "escrow-missing-bootstrap-token")).toEqual(["10 opened", "40 reminded", "50 closed"]);
  expect(of(all, "escrow-missing-filevault-key")).toEqual(["10 opened", "40 reminded", "50 closed"]);
  expect(of(all, "devices-silent")).toEqual(["330 opened", "420 reminded", "450 closed"]);
  expect(of(all, "identities-not-renewed")).toEqual(["351 opened", "381 reminded", "397 closed"]);
  expect(of(all, "identities-ended")).toEqual([
    "397 opened",
    "404 reminded",
    "411 reminded",
    "418 reminded",
    "425 reminded",
    "427 closed",
  ]);
  expect(of(all, "backup-old").slice(0, 4)).toEqual(["40 opened", "70 reminded", "100 closed", "140 opened"]);
  expect(of(all, "unsafe-setting")).toEqual(["500 opened", "510 closed"]);
  expect(of(all, "authority-ends")).toEqual([]);
  expect(of(all, "escrow-missing-recovery-lock")).toEqual(["520 opened", "540 closed"]);
  expect(of(all, "attestations-failed")).toEqual(["550 opened", "580 closed"]);
  expect(of(all, "newer-release")).toEqual(["450 opened", "540 reminded", "550 closed"]);
  expect(of(all, "mail-not-sent")).toEqual(["600 opened", "620 closed"]);
  expect(of(all, "platform-limit")[0]).toBe("630 opened");
  expect(of(all, "platform-limit").at(-1)).toBe("650 closed");
  expect(
    all.find(({ day: when, problem }) => when === 356 && problem === "push-certificate-ends")?.title,
  ).toBe("The push certificate of com.apple.mgmt.one ends on 2027-12-30");
}, 240_000);
