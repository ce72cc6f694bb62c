import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { origin } from "../support/admin.ts";
import { transport } from "../support/fleet.ts";
import { open, readyToEnroll } from "../support/invitations.ts";

const visit = (accept: string) =>
  transport(new Request(`${origin}/`, { headers: accept ? { Accept: accept } : {} }));

test("a person reads what this is, whether it is ready, and where to go next", async () => {
  await readyToEnroll();
  const answer = await visit("text/html,application/xhtml+xml");
  const text = await answer.text();

  expect(answer.status).toBe(200);
  expect(text).toMatch(/Ready\.|Not ready\./);
  for (const place of ["/console/", "/api/docs", "/readyz", "/enroll"])
    expect(text).toContain(`href="${place}"`);
  expect(answer.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
});

test.each(["", "*/*", "application/json"])("a program that accepts %j gets JSON", async (accept) => {
  const answer = await visit(accept);

  expect(answer.headers.get("Content-Type")).toContain("application/json");
  expect(answer.headers.get("Vary")).toContain("Accept");
  expect(await answer.json()).toMatchObject({ name: "edgemdm", links: { docs: "/api/docs" } });
});

test("every place that is named answers", async () => {
  await readyToEnroll();
  const { links } = await (await visit("")).json<{ links: Record<string, string> }>();

  for (const path of Object.values(links)) {
    const { status } = await open(path);
    // Enrollment needs an invitation, and says so with a page. The console is served before the Worker is asked.
    expect(status, path).toBe(["/enroll", "/console/"].includes(path) ? 404 : 200);
  }
});

test("a deployment without the console's files says what to do", async () => {
  const { status, html } = await open("/console/devices");

  expect(status).toBe(404);
  expect(html).toContain("npm run console:build");
});

test("the icon that browsers ask for is a picture that can run nothing", async () => {
  const { status, headers } = await open("/favicon.ico");

  expect([status, headers.get("Content-Type")]).toEqual([200, "image/svg+xml"]);
  expect(headers.get("Content-Security-Policy")).toBe("default-src 'none'");
});

test("the page is there while a secret is missing, and says which", async () => {
  const { app } = await import("../../src/app.ts");
  const broken = { ...env, MASTER_KEY: "" } as unknown as Env;
  const asked = new Request(`${origin}/`, { headers: { Accept: "text/html" } });
  const answer = await app.fetch(asked, broken, createExecutionContext());

  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("MASTER_KEY");
});
