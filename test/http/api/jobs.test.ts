import { expect, test } from "vitest";
import { ask, tokenFor } from "../../support/admin.ts";
import { finish } from "../../support/jobs.ts";

test("the kinds of jobs are listed before any of them ever ran", async () => {
  const { status, json } = await ask("GET", "/api/v1/jobs", { token: await tokenFor("viewer") });

  expect(status).toBe(200);
  expect(json.items).toContainEqual({ kind: "repair", summary: expect.any(String), run: null });
});

test("a job is started, watched, and over", async () => {
  const started = await ask("POST", "/api/v1/jobs/repair");
  expect(started.status).toBe(202);
  expect(started.json.run).toMatchObject({ state: "running", started_by: "ADMIN_TOKEN", finished_at: null });

  await finish("repair");

  const { json } = await ask("GET", "/api/v1/jobs/repair");
  expect(json.run).toMatchObject({ state: "done", next_page_at: null, last_fault: null });
  expect(json.run.pages).toBeGreaterThan(0);
});

test("a job that runs is not started twice, and can be cancelled once", async () => {
  await ask("POST", "/api/v1/jobs/repair");

  const again = await ask("POST", "/api/v1/jobs/repair");
  expect(again.status).toBe(409);
  expect(again.json.detail).toContain("repair is running, started by ADMIN_TOKEN at ");

  const cancelled = await ask("DELETE", "/api/v1/jobs/repair");
  expect(cancelled.status).toBe(200);
  expect(cancelled.json.run).toMatchObject({ state: "cancelled", outcome: "cancelled by ADMIN_TOKEN" });
  expect((await ask("DELETE", "/api/v1/jobs/repair")).status).toBe(409);
});

test("a job that does not exist is not found, whatever is asked of it", async () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    const { status, json } = await ask(method, "/api/v1/jobs/toString");

    expect(status, method).toBe(404);
    expect(json.detail).toContain("the jobs are repair");
  }
});

test("only an administrator starts and cancels", async () => {
  const token = await tokenFor("operator");

  expect((await ask("POST", "/api/v1/jobs/repair", { token })).status).toBe(403);
  expect((await ask("DELETE", "/api/v1/jobs/repair", { token })).status).toBe(403);
});
