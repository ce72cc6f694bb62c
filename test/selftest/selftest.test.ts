import { env, exports } from "cloudflare:workers";
import { expect, onTestFinished, test, vi } from "vitest";
import { ask, origin, tokenFor } from "../support/admin.ts";
import { run } from "../support/jobs.ts";

// The public address asked from outside: what the Worker sends comes to the Worker again, or meets something in front of it.

/** Stands in front of the Worker, for what it asks of its own address. */
function front(between: (request: Request) => Response | undefined = () => undefined): Request[] {
  const seen: Request[] = [];
  const others = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    if (!request.url.startsWith(origin)) return others(request);
    seen.push(request.clone() as Request);
    return between(request) ?? exports.default.fetch(request);
  });
  onTestFinished(() => spy.mockRestore());
  return seen;
}

const challenge = (): Response =>
  new Response("<!DOCTYPE html><title>Just a moment...</title>", {
    status: 403,
    headers: {
      "Content-Type": "text/html; charset=UTF-8",
      "cf-mitigated": "challenge",
      Server: "cloudflare",
    },
  });

test("where nothing is in between, every answer is our own", async () => {
  const seen = front();

  const { status, json } = await ask("GET", "/api/v1/selftest");

  expect(status).toBe(200);
  expect(
    json.findings.map(({ request, outcome }: Record<string, string>) => `${request}: ${outcome}`),
  ).toEqual([
    "GET /scep?operation=GetCACaps: ours",
    "GET /scep?operation=GetCACaps: ours",
    "PUT /mdm: ours",
    "GET /enroll: ours",
  ]);
  expect(json).toMatchObject({ address: origin, devices_reach_us: true });
  expect(seen.map((request) => request.headers.get("Authorization"))).toEqual([null, null, null, null]);
});

test("a challenge is told with its remedy: in the answer, in /readyz?verbose and as a problem, until it is gone", async () => {
  await env.DB.exec("DELETE FROM selftests");
  const before = await ask("GET", "/readyz?verbose", { token: null });
  const seen = front(challenge);
  await run("selftest");
  await run("problems");
  const problems = async () =>
    (await ask("GET", "/api/v1/problems")).json.items.filter(
      (item: { code: string }) => item.code === "devices-kept-out",
    );
  const ready = await ask("GET", "/readyz?verbose", { token: null });
  const [found] = await problems();

  expect(before.json.selftest).toBeNull();
  expect(ready.json.selftest).toMatchObject({
    devices_reach_us: false,
    findings: expect.arrayContaining([
      {
        probe: "connect",
        request: "PUT /mdm",
        outcome: "challenged",
        detail: "it answered 403 with a challenge of Cloudflare's",
        remedy: expect.stringContaining("Bot Fight Mode"),
      },
    ]),
  });
  expect(found).toMatchObject({ urgency: "urgent", title: expect.stringContaining(origin) });
  expect((await ask("GET", "/readyz", { token: null })).json.selftest).toBeUndefined();
  expect(seen, "a monitor asks nothing").toHaveLength(4);

  vi.restoreAllMocks();
  front();
  await run("selftest");
  await run("problems");
  expect(await problems()).toEqual([]);
});

test("a challenge for some only is found as well, and a network that fails is less than that", async () => {
  front((request) => (request.headers.get("User-Agent") ? undefined : challenge()));
  expect(
    (await ask("GET", "/api/v1/selftest")).json.findings.map(({ outcome }: { outcome: string }) => outcome),
  ).toEqual(["ours", "challenged", "ours", "ours"]);

  vi.restoreAllMocks();
  front(() => {
    throw new TypeError("Network connection lost.");
  });
  const { json } = await ask("GET", "/api/v1/selftest");
  await run("problems");
  const { items } = (await ask("GET", "/api/v1/problems")).json;

  expect(json.findings[0]).toMatchObject({ outcome: "unreachable", detail: "Network connection lost." });
  expect(items).toContainEqual(expect.objectContaining({ code: "devices-kept-out", urgency: "soon" }));
});

test("only who may change things starts one", async () => {
  const seen = front();

  expect((await ask("GET", "/api/v1/selftest", { token: await tokenFor("viewer") })).status).toBe(403);
  expect(seen).toEqual([]);
});
