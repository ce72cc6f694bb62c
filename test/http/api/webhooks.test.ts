import { env } from "cloudflare:workers";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { sealPrivate } from "../../../src/webhooks/webhook.ts";
import { ask } from "../../support/admin.ts";
import { drain, happen, hookTo, receiver, turn } from "../../support/receiver.ts";

const path = "/api/v1/webhooks";

test("a webhook is created with its secrets shown once, listed without, and shown again on demand, audited", async () => {
  const url = "https://hooks.slack.com/services/T0/B0/secret";
  const made = await ask("POST", path, { json: { name: "ops", url, style: "slack", hmac_key: "k" } });
  expect(made.status, made.text).toBe(201);
  expect(made.json).toMatchObject({
    url,
    secret: expect.stringMatching(/^whsec_/),
    hmac_key: "k",
    topics: ["*"],
  });
  const address = `${path}/${made.json.id}`;

  const listed = await ask("GET", path);
  const read = await ask("GET", address);
  const shown = await ask("GET", `${address}?secrets=true`);

  expect(listed.json.items).toHaveLength(1);
  expect(`${listed.text}${read.text}`).not.toMatch(/whsec_|services/);
  expect(read.json.progress).toMatchObject({ waiting: 0, next_attempt_at: null });
  expect(shown.json).toMatchObject({ url, secret: made.json.secret });
  const { json: audit } = await ask("GET", `/api/v1/audit?target=webhooks/${made.json.id}`);
  expect(audit.items.map(({ method }: { method: string }) => method)).toEqual(["GET", "POST"]);
  expect((await ask("DELETE", address)).status).toBe(204);
  expect((await ask("GET", address)).status).toBe(404);
});

test.each([
  ["a private address", { url: "https://10.0.0.1/" }, "/url"],
  ["no TLS", { url: "http://example.com/" }, "/url"],
  ["secrets where no message goes out", { include_secrets: true }, "/include_secrets"],
  ["a topic that is none", { topics: ["Command.*"] }, "/topics/0"],
  ["a secret that is too short", { secret: "whsec_AAAA" }, "/secret"],
])("%s is refused", async (_title, more, pointer) => {
  const json = { name: "x", url: "https://hooks.example.com/", ...more };

  const answer = await ask("POST", path, { json });

  expect(answer.status).toBe(400);
  expect(answer.json.errors).toEqual([expect.objectContaining({ pointer })]);
});

test("a new secret and the old one sign together, and then the new one alone", async () => {
  const there = receiver();
  const id = await hookTo(there);
  const old = there.secret;
  const rotated = await ask("POST", `${path}/${id}/secret`, { json: { overlap_hours: 1 } });
  expect(rotated.json.secret).not.toBe(old);
  await drain(id);
  await happen([{ device: "A" }]);
  await turn(id);

  for (const secret of [old, rotated.json.secret]) {
    const { text, headers } = there.taken[0] as (typeof there.taken)[number];
    expect(() => new StandardWebhook(secret).verify(text, Object.fromEntries(headers))).not.toThrow();
  }

  const final = await ask("POST", `${path}/${id}/secret`, { json: { overlap_hours: 0 } });
  there.secret = final.json.secret;
  await happen([{ device: "A" }]);
  await drain(id);
  const last = there.taken.at(-1);
  expect(() =>
    new StandardWebhook(old).verify(last?.text ?? "", Object.fromEntries(last?.headers ?? new Headers())),
  ).toThrow("No matching signature found");
});

test("a ping goes out at once, and tells what came of it", async () => {
  const there = receiver();
  const id = await hookTo(there);

  expect((await ask("POST", `${path}/${id}/ping`)).json).toMatchObject({ delivered: true, status: 200 });
  there.answer = () => new Response("who are you?", { status: 401 });
  expect((await ask("POST", `${path}/${id}/ping`)).json).toMatchObject({
    delivered: false,
    status: 401,
    detail: "answered 401: who are you?",
  });
  expect(there.seen.map(({ json }) => json.type)).toEqual(["edgemdm.webhook.ping", "edgemdm.webhook.ping"]);
});

test("a change to a private address is refused, and the address stays", async () => {
  const there = receiver();
  const id = await hookTo(there);

  const refused = await ask("PATCH", `${path}/${id}`, { json: { url: "https://192.168.0.1/" } });

  expect(refused.status).toBe(400);
  expect((await ask("POST", `${path}/${id}/ping`)).json).toMatchObject({ delivered: true });
});

test("an address that is not allowed any more is not sent to, and the ping says so", async () => {
  const there = receiver("http://127.0.0.1:8080/in");
  const id = await hookTo(receiver());
  const held = { url: there.url, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
  const sealed = await sealPrivate(env, id, held);
  await env.DB.prepare("UPDATE webhooks SET sealed = ? WHERE id = ?").bind(sealed, id).run();

  const { json } = await ask("POST", `${path}/${id}/ping`);

  expect(json).toMatchObject({
    delivered: false,
    status: null,
    detail: "the address must begin with https://",
  });
  expect(there.seen).toEqual([]);
});

test("a ping follows no redirect", async () => {
  const there = receiver();
  const id = await hookTo(there);
  there.answer = () => new Response(null, { status: 302, headers: { Location: "http://169.254.169.254/" } });

  expect((await ask("POST", `${path}/${id}/ping`)).json).toMatchObject({ delivered: false, status: 302 });
  expect(there.seen).toHaveLength(1);
});

test("attempts are listed, newest first, page by page", async () => {
  const there = receiver();
  const id = await hookTo(there);
  await drain(id);
  there.answer = ({ json }) => new Response(null, { status: json.subject === "B" ? 500 : 200 });
  await happen([..."AAB"].map((device) => ({ device })));
  await turn(id);

  const first = (await ask("GET", `${path}/${id}/deliveries?limit=2`)).json;
  const second = (await ask("GET", `${path}/${id}/deliveries?limit=2&cursor=${first.next_cursor}`)).json;
  const failed = (await ask("GET", `${path}/${id}/deliveries?failed=true`)).json;

  expect([...first.items, ...second.items]).toHaveLength(3);
  expect(second.next_cursor).toBeNull();
  expect(failed.items).toEqual([
    expect.objectContaining({
      device_id: "B",
      delivered: false,
      status: 500,
      detail: "answered 500",
      attempt: 1,
    }),
  ]);
});

test("everything after an event is sent again, under the ids it had", async () => {
  const there = receiver();
  const id = await hookTo(there);
  await happen([..."ABC"].map((device) => ({ device })));
  await drain(id);
  const ids = there.taken.map((delivery) => delivery.id);
  expect(ids).toHaveLength(3);

  const after = Number(ids[0]?.split("_")[1]);
  expect((await ask("POST", `${path}/${id}/replay`, { json: { after } })).status).toBe(204);
  await drain(id);

  expect(there.taken.slice(3).map((delivery) => delivery.id)).toEqual(ids.slice(1));
});
