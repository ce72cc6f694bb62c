import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { forgetSettings, patchSettings } from "../../src/admin/settings.ts";
import { day, hour, minute } from "../../src/base/time.ts";
import { openDb } from "../../src/db/open.ts";
import { putProblem } from "../../src/db/problems.ts";
import { mail } from "../../src/jobs/kinds/mail.ts";
import { problems } from "../../src/jobs/kinds/problems.ts";
import { dueNow } from "../../src/mail/send-problems.ts";
import { pausedBecause } from "../../src/webhooks/paused.ts";
import { FakeMail } from "../support/fake-mail.ts";

const morning = Date.UTC(2027, 0, 4, 7);
let post: FakeMail;
let bound: Env;

beforeEach(async () => {
  for (const table of ["problems", "mail_states", "events"]) await env.DB.exec(`DELETE FROM ${table}`);
  forgetSettings();
  post = new FakeMail();
  post.verified.add("it@example.com").add("boss@example.com");
  bound = { ...env, EMAIL: post };
  await patchSettings(
    env,
    {
      organization: "Acme <b>",
      mail_from: "mdm@example.com",
      mail_to: ["it@example.com", "boss@example.com"],
      mail_language: "en",
      mail_digest_hour: 6,
    },
    Date.now(),
  );
});

const problem = (key: string, urgency: "urgent" | "soon" | "notice", toldAt: number, more: object = {}) =>
  putProblem(openDb(env.DB), {
    key,
    code: "webhook-paused",
    subject: key,
    urgency,
    facts: { name: key, reason: "<script>", id: "7" },
    devices: null,
    endsAt: null,
    stage: 0,
    openedAt: toldAt,
    toldAt,
    ...more,
  });

/** The settings are held by the clock of the test, like all else. */
async function run(now: number, on: Env = bound) {
  forgetSettings();
  return mail.page(on, null, now);
}

const subjects = () => post.sent.map(({ to, subject }) => `${to} ${subject}`);

describe("problems", () => {
  test("urgent ones are sent at once and once, and all of them once a day", async () => {
    await problem("late", "urgent", morning - 5 * hour);
    await problem("small", "notice", morning - 5 * hour);

    await run(morning - 4 * hour);
    await run(morning - 3 * hour);
    expect(subjects()).toEqual([
      "it@example.com Acme <b>: one urgent problem of the device management",
      "boss@example.com Acme <b>: one urgent problem of the device management",
    ]);

    await run(morning);
    await run(morning + hour);
    expect(subjects().slice(2)).toEqual([
      "it@example.com Acme <b>: 2 problems of the device management",
      "boss@example.com Acme <b>: 2 problems of the device management",
    ]);

    // A reminder is urgent again.
    await problem("late", "urgent", morning + 2 * hour);
    await run(morning + 2 * hour);
    expect(subjects()).toHaveLength(6);
    await run(morning + day);
    expect(subjects()).toHaveLength(8);
  });

  test("are told in the language of mail, from the subject to the last word", async () => {
    const facts = { name: "Slack", id: "7", reason: pausedBecause.gone(), kind: "gone" };
    await problem("late", "urgent", morning, { facts, devices: 1_234 });
    const ends = { topic: "com.apple.mgmt.x", account: null, ends_on: "2027-01-10", days_left: 5 };
    await problem("push", "urgent", morning, { code: "push-certificate-ends", facts: ends });
    await patchSettings(env, { mail_language: "de" }, morning);

    await run(morning);

    const { subject, text } = post.sent[0] ?? {};
    expect(subject).toBe("Acme <b>: 2 dringende Probleme der Geräteverwaltung");
    expect(text).toContain("Das Push-Zertifikat von com.apple.mgmt.x läuft am 10. Januar 2027 ab");
    expect(text).toContain("Der Webhook Slack pausiert");
    expect(text).toContain("Der Empfänger meldet, dass es ihn nicht mehr gibt (410).");
    expect(text).toContain("Dringend · seit 4. Januar 2027 · 1.234 Geräte");
    expect(text).not.toMatch(/\b(the|and|of|is|are|to|with|device)\b/);
  });

  test("what comes from outside is text in the message, and no markup", async () => {
    await problem("<img src=x>", "urgent", morning);

    await run(morning);

    const [one] = post.sent;
    expect(one?.text).toContain("The webhook <img src=x> has paused");
    expect(one?.text).toContain("<script>");
    expect(one?.html).toContain("The webhook &lt;img src=x&gt; has paused");
    expect(one?.html).not.toMatch(/<img|<script|<b>/);
  });

  test("nothing is sent where nothing is open, nobody is named, or nothing is bound", async () => {
    await run(morning);
    expect(post.sent).toEqual([]);
    await problem("late", "urgent", morning);
    await run(morning, env);
    await patchSettings(env, { mail_to: [] }, Date.now());
    await run(morning);
    expect(post.sent).toEqual([]);
  });

  test("an address that is refused keeps nothing from the others, and is named in a problem", async () => {
    post.verified.delete("boss@example.com");
    await problem("late", "urgent", morning);

    await run(morning);
    await problems.page(bound, null, morning);

    expect(post.sent.map(({ to }) => to)).toEqual(["it@example.com", "it@example.com"]);
    const { results } = await env.DB.prepare("SELECT facts FROM problems WHERE code = 'mail-not-sent'").all();
    expect(results).toEqual([
      { facts: expect.stringContaining("boss@example.com: E_RECIPIENT_NOT_ALLOWED") },
    ]);
  });

  test("without a binding that is said once, as a problem", async () => {
    await problems.page(env, null, morning);
    await problems.page(env, null, morning + hour);

    const { results } = await env.DB.prepare(
      "SELECT detail FROM events WHERE name LIKE 'problem.%' AND detail LIKE '%mail-not-sent%'",
    ).all();
    expect(results).toHaveLength(1);
  });

  test("while nothing goes out it is tried again at growing intervals, and nothing is lost", async () => {
    await problem("late", "urgent", morning);
    post.code = "E_RATE_LIMIT_EXCEEDED";
    const failures = async () =>
      (await env.DB.prepare("SELECT failures FROM mail_states").first<{ failures: number }>())?.failures;

    for (const minutes of [0, 4, 5, 10, 14, 15, 20]) await run(morning + minutes * minute);
    // At 0, 5 and 15 minutes.
    expect(await failures()).toBe(3);
    for (let hours = 1; hours <= 24; hours++) await run(morning + hours * hour);
    expect(await failures()).toBeLessThan(12);
    post.code = undefined;

    await run(morning + 2 * day);

    expect(subjects()[0]).toContain("one urgent problem");
  });
});

test("what is due follows from the clock alone", () => {
  const row = { urgency: "urgent", toldAt: 5 } as Parameters<typeof dueNow>[0][number];
  const state = { urgentUntil: 5, digestOn: "2027-01-03" };
  expect(dueNow([row], state, 6, Date.UTC(2027, 0, 4, 5, 59))).toEqual({ urgent: [], digest: [] });
  expect(dueNow([row], state, 6, Date.UTC(2027, 0, 4, 6))).toEqual({ urgent: [], digest: [row] });
  expect(dueNow([row], state, null, Date.UTC(2027, 0, 4, 6))).toEqual({ urgent: [], digest: [] });
  expect(dueNow([row], { ...state, urgentUntil: 4 }, null, 10)).toEqual({ urgent: [row], digest: [] });
});
