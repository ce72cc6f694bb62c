import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";

test("the Worker says that it lives", async () => {
  const answer = await exports.default.fetch("https://mdm.example.com/healthz");

  expect(answer.status).toBe(200);
});
