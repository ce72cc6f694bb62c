import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetSettings, patchSettings, readSettings } from "../../src/admin/settings.ts";
import { openDb } from "../../src/db/open.ts";
import { listProblems } from "../../src/db/problems.ts";
import { problems } from "../../src/jobs/kinds/problems.ts";
import { askUsage, daysBetween } from "../../src/problems/usage/ask-usage.ts";
import { metrics } from "../../src/problems/usage/daily-limits.ts";
import { readUsageOfMonth } from "../../src/problems/usage/month.ts";
import { readUsage, usageQuery } from "../../src/problems/usage/read-usage.ts";
import { ask } from "../support/admin.ts";

// Cloudflare is asked what the account used; the Free plan's limits are a problem from 50 % on.
const now = Date.UTC(2027, 2, 5, 9);
const account = "0123456789abcdef0123456789abcdef";
const token = "an-analytics-token-of-forty-characters-x";

type Day = { date: string; requests?: number; rowsRead?: number; rowsWritten?: number };
const groups = (days: readonly Day[]) =>
  days.map(({ date, ...sum }) => ({
    dimensions: { date },
    sum: { requests: 0, rowsRead: 0, rowsWritten: 0, ...sum },
  }));

const counted = (workers: readonly Day[], d1: readonly Day[] = [], objects: readonly Day[] = []) => ({
  data: {
    viewer: {
      accounts: [
        {
          workersInvocationsAdaptive: groups(workers),
          durableObjectsInvocationsAdaptiveGroups: groups(objects),
          durableObjectsPeriodicGroups: groups(objects),
          d1AnalyticsAdaptiveGroups: groups(d1),
        },
      ],
    },
  },
});

/** Refuses what Cloudflare refuses: another address, method or token, and an account that the token does not show. */
function cloudflareSays(answer: () => unknown): Request[] {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const request = new Request(url, init);
    asked.push(request.clone());
    if (request.url !== "https://api.cloudflare.com/client/v4/graphql" || request.method !== "POST")
      return new Response("not found", { status: 404 });
    if (request.headers.get("Authorization") !== `Bearer ${token}`)
      return Response.json({ success: false, errors: [{ code: 10000 }] }, { status: 403 });
    const { variables, query } = await request.json<{ variables: { account: string }; query: string }>();
    expect(query).toBe(usageQuery);
    if (variables.account !== account)
      return Response.json({ data: { viewer: { accounts: [] } }, errors: null });
    return Response.json(answer());
  });
  return asked;
}

const found = async () =>
  (await listProblems(openDb(env.DB)))
    .filter(({ code }) => code.startsWith("daily-"))
    .map(({ subject, urgency, code, facts }) => [
      subject || code,
      urgency,
      facts.percent ?? facts.trouble,
      facts.used,
    ]);

async function check(at = now) {
  forgetSettings();
  await problems.page(env, null, at);
  return found();
}

beforeEach(async () => {
  await env.DB.exec("DELETE FROM problems");
  await patchSettings(env, { cloudflare_account_id: account, cloudflare_api_token: token }, now);
});

afterEach(() => vi.unstubAllGlobals());

test("half of a day's limit is a notice, four fifths are soon, nearly all is urgent", async () => {
  const today = "2027-03-05";
  cloudflareSays(() =>
    counted(
      [{ date: today, requests: 50_000 }],
      [{ date: today, rowsRead: 4_000_000, rowsWritten: 95_000 }],
      [{ date: today, requests: 49_999, rowsRead: 1, rowsWritten: 79_999 }],
    ),
  );

  expect((await check()).sort()).toEqual([
    ["database-rows-read", "soon", 80, 4_000_000],
    ["database-rows-written", "urgent", 95, 95_000],
    ["object-rows-written", "notice", 50, 79_999],
    ["worker-requests", "notice", 50, 50_000],
  ]);
});

test("what yesterday was near stays told in the new day, and ends after a quiet one", async () => {
  cloudflareSays(() =>
    counted([
      { date: "2027-03-04", requests: 81_000 },
      { date: "2027-03-05", requests: 300 },
      { date: "2027-03-06", requests: 9_000 },
    ]),
  );

  expect(await check()).toEqual([["worker-requests", "soon", 80, 81_000]]);
  expect(await check(now + 24 * 60 * 60_000)).toEqual([]);
});

test("one request an hour asks for two days, and without a token none does", async () => {
  const asked = cloudflareSays(() => counted([]));

  await check();
  expect(asked).toHaveLength(1);
  expect(await asked[0]?.json()).toMatchObject({ variables: { account, since: "2027-03-04" } });

  await patchSettings(env, { cloudflare_api_token: null }, now);
  expect(await check()).toEqual([]);
  expect(asked).toHaveLength(1);
});

test("a token or account that Cloudflare does not take is a problem, and the others are found all the same", async () => {
  cloudflareSays(() => counted([]));
  await patchSettings(env, { cloudflare_account_id: "f".repeat(32), allow_replacement: true }, now);
  expect(await check()).toEqual([
    ["daily-use-not-read", "notice", "the token does not show this account", undefined],
  ]);

  await patchSettings(env, { cloudflare_api_token: "another-token-of-enough-characters" }, now);
  expect(await check()).toEqual([["daily-use-not-read", "notice", "Cloudflare answered 403", undefined]]);
  expect((await listProblems(openDb(env.DB))).map(({ code }) => code)).toContain("unsafe-setting");
});

test("the token is sealed at rest", async () => {
  const row = await env.DB.prepare("SELECT value FROM settings WHERE name = 'cloudflare_api_token'").first();

  expect(JSON.stringify(row)).not.toContain(token);
});

test.each([
  ["an error", { data: null, errors: [{ message: "unknown field" }] }, "Cloudflare says: unknown field"],
  ["no JSON object", undefined, "Cloudflare's answer is not that of its GraphQL Analytics API"],
  ["no account", { data: { viewer: { accounts: [] } } }, "the token does not show this account"],
  [
    "a dataset less",
    { data: { viewer: { accounts: [{}] } } },
    "Cloudflare's answer has no workersInvocationsAdaptive",
  ],
])("%s is no count of zero", (_title, told, refusal) => {
  expect(readUsage(told, ["2027-03-05"])).toEqual({ ok: false, refusal });
});

test("counts that make no sense count as none", () => {
  const told = counted([
    { date: "2027-03-05", requests: -5 },
    { date: "2027-03-05", requests: Number.NaN },
  ]);

  const read = readUsage(told, ["2027-03-05"]);

  expect(read).toEqual({
    ok: true,
    value: [{ day: "2027-03-05", used: Object.fromEntries(metrics.map((metric) => [metric, 0])) }],
  });
});

test("an endless answer, a redirect and silence are troubles", async () => {
  const trouble = async (answer: () => Response | Promise<Response>) => {
    vi.stubGlobal("fetch", async () => answer());
    return askUsage({ account, token }, daysBetween(now, now));
  };

  expect(await trouble(() => new Response("x".repeat(2_000_000)))).toEqual({
    trouble: "it answered with more than 1048576 bytes",
  });
  expect(await trouble(() => new Response(null, { status: 302 }))).toEqual({
    trouble: "Cloudflare answered 302",
  });
  expect(await trouble(() => Promise.reject(new Error("no route")))).toEqual({ trouble: "no route" });
});

test("days are those of UTC, the first and the last among them", () => {
  expect(daysBetween(Date.UTC(2027, 1, 27, 23, 59), Date.UTC(2027, 2, 1))).toEqual([
    "2027-02-27",
    "2027-02-28",
    "2027-03-01",
  ]);
});

test("a month is counted from its first day, and Cloudflare is asked once in five minutes", async () => {
  const asked = cloudflareSays(() =>
    counted([
      { date: "2027-02-28", requests: 9 },
      { date: "2027-03-01", requests: 5 },
      { date: "2027-03-05", requests: 7 },
    ]),
  );
  const settings = await readSettings(env);

  const { usage } = await readUsageOfMonth(settings, now);
  await readUsageOfMonth(settings, now + 4 * 60_000);

  expect("days" in usage && usage.days.map(({ day, used }) => [day, used["worker-requests"]])).toEqual([
    ["2027-03-01", 5],
    ["2027-03-02", 0],
    ["2027-03-03", 0],
    ["2027-03-04", 0],
    ["2027-03-05", 7],
  ]);
  expect(asked).toHaveLength(1);
  await readUsageOfMonth(settings, now + 6 * 60_000);
  expect(asked).toHaveLength(2);
});

test("who asks the API gets the count, or why there is none", async () => {
  cloudflareSays(() => counted([]));
  const { json } = await ask("GET", "/api/v1/usage");

  expect(json).toMatchObject({ counted: true, trouble: null });
  expect(json.days.at(-1)).toMatchObject({ worker_requests: 0, database_rows_written: 0 });
  expect(json.days).toHaveLength(new Date().getUTCDate());
  await patchSettings(env, { cloudflare_api_token: null }, now);
  forgetSettings();
  expect((await ask("GET", "/api/v1/usage")).json).toMatchObject({
    counted: false,
    trouble: "the settings cloudflare_account_id and cloudflare_api_token are not set",
    days: [],
  });
});
