import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Client } from "../../client/src/index.ts";
import { adminToken, origin, tokenFor } from "../support/admin.ts";

// The client where a Worker runs it, and asks another by a binding.

const speaking = (token: string) =>
  new Client({ origin, token, fetch: (request) => exports.default.fetch(request) });
const mdm = speaking(adminToken);

test("a list is read page by page, and no further than it is wanted", async () => {
  for (const name of ["a", "b", "c", "d", "e"]) await mdm.put("/sets/{name}", { path: { name }, body: {} });
  const asked: string[] = [];
  const watched = new Client({
    origin,
    token: adminToken,
    fetch: (request) => {
      asked.push(new URL(request.url).search);
      return exports.default.fetch(request);
    },
  });

  const names: string[] = [];
  for await (const { name } of watched.list("/sets", { query: { limit: 2 } })) {
    names.push(name);
    if (name === "c") break;
  }
  const all: string[] = [];
  for await (const { name } of mdm.list("/sets", { query: { limit: 2 } })) all.push(name);

  expect(names).toEqual(["a", "b", "c"]);
  expect(asked).toEqual(["?limit=2", expect.stringMatching(/^\?limit=2&cursor=./)]);
  expect(all).toEqual(["a", "b", "c", "d", "e"]);
});

test("a name is one part of an address, whatever is in it", async () => {
  const odd = "../tokens?x=1#y";

  await mdm.put("/sets/{name}", { path: { name: odd }, body: {} });

  expect(await mdm.get("/sets/{name}", { path: { name: odd } })).toMatchObject({ name: odd });
});

test("a refusal is a ProblemError with its code, and what is wrong with the body", async () => {
  const missing = mdm.get("/sets/{name}", { path: { name: "none" } });
  const wrong = mdm.post("/tokens", { body: { name: "", role: "king" as "admin" } });
  const viewer = speaking(await tokenFor("viewer")).delete("/sets/{name}", { path: { name: "none" } });

  await expect(missing).rejects.toMatchObject({ name: "ProblemError", status: 404, code: "not-found" });
  await expect(wrong).rejects.toMatchObject({ status: 400, code: "invalid-request" });
  await expect(wrong).rejects.toHaveProperty(
    "problem.errors",
    expect.arrayContaining([expect.objectContaining({ pointer: "/role" })]),
  );
  await expect(viewer).rejects.toMatchObject({ status: 403, code: "forbidden" });
});

test("what is no JSON is sent as it is, and read as it came", async () => {
  const body = { type: "application/json", bytes: JSON.stringify({ description: "by hand" }) } as const;
  await mdm.raw("PUT", "/sets/{name}", { path: { name: "bytes" }, body });
  const table = await mdm.raw("GET", "/sets", { headers: { Accept: "text/csv" } });

  expect(await mdm.get("/sets/{name}", { path: { name: "bytes" } })).toMatchObject({
    description: "by hand",
  });
  expect(await table.text()).toMatch(/^name,/);
});

test("an answer without a body is undefined", async () => {
  await mdm.put("/sets/{name}", { path: { name: "short-lived" }, body: {} });

  expect(await mdm.delete("/sets/{name}", { path: { name: "short-lived" } })).toBeUndefined();
});
