import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { toBase64 } from "../../src/base/bytes.ts";
import { daysLeft, reminderOf, troubleOf, warningDue } from "../../src/push/expiry.ts";
import { warnOfExpiry } from "../../src/push/warn.ts";
import { ask } from "../support/admin.ts";
import { credential, fixture, pemText } from "../support/pki.ts";
import { type TestIdentity, type TestPki, testClient, testPki, testTopic } from "../support/test-pki.ts";

const day = 86_400_000;
const path = "/api/v1/push-certificates";
let pki: TestPki;

beforeAll(async () => {
  pki = await testPki("P-256", "RSA-2048");
});

/** The shared RSA key, of which there are wrappings under a password. */
function authorityKeys() {
  const { certificate, pkcs8 } = credential("authority");
  return { spki: certificate.spki, pkcs8 };
}

const sendPem = (...parts: string[]) =>
  ask("POST", path, { body: parts.join("\n"), headers: { "Content-Type": "application/x-pem-file" } });
const sendJson = (json: object) => ask("POST", path, { json });
const whole = ({ certificatePem, keyPem }: TestIdentity) => [certificatePem, keyPem];

describe("an upload", () => {
  test("of PEM, the certificate and its key in either order, answers what it is", async () => {
    const client = await testClient(pki.root, "P-256");

    const added = await sendPem(client.keyPem, client.certificatePem);
    const again = await sendPem(...whole(client));

    expect(added.status).toBe(201);
    expect(added.json).toMatchObject({ topic: testTopic, in_use: true, trouble: null, account: null });
    expect(added.json.not_after).toBe(new Date(client.certificate.notAfter).toISOString());
    expect(added.headers.get("Location")).toBe(`${path}/${added.json.id}`);
    expect([again.status, again.json.id]).toEqual([200, added.json.id]);
    expect(added.text).not.toContain("PRIVATE KEY");
  });

  test("of JSON keeps the Apple Account, and the chain without its root", async () => {
    const above = await testClient(pki.root, "P-256", { commonName: "WWDR", isCa: true });
    const { certificatePem, keyPem } = await testClient(above, "P-256");

    const added = await sendJson({
      certificate: certificatePem + pki.root.certificatePem + above.certificatePem,
      private_key: keyPem,
      account: "mdm@example.com",
    });

    expect([added.status, added.json.account]).toEqual([201, "mdm@example.com"]);
    const row = await env.DB.prepare("SELECT chain, sealed_key FROM push_certificates WHERE id = ?")
      .bind(added.json.id)
      .first<{ chain: string; sealed_key: string }>();
    expect(JSON.parse(row?.chain ?? "")).toHaveLength(1);
    expect(row?.sealed_key).not.toContain(keyPem.split("\n")[1]);
  });

  test.each<[string, () => Promise<string[]>, string, string]>([
    [
      "with another key",
      async () => [pki.client.certificatePem, pki.server.keyPem],
      "mismatch",
      "not the key of this certificate",
    ],
    ["without a key", async () => [pki.client.certificatePem], "unreadable", "no PRIVATE KEY block"],
    ["without a certificate", async () => [pki.client.keyPem], "unreadable", "no CERTIFICATE block"],
    ["of nothing", async () => ["hello"], "unreadable", "no CERTIFICATE block"],
    [
      "of an app's topic",
      async () => whole(await testClient(pki.root, "P-256", { topic: "com.example.app" })),
      "wrong-topic",
      "does not begin with com.apple.mgmt.",
    ],
    ["without a topic", async () => whole(pki.server), "wrong-topic", "has no UID"],
    [
      "that has expired",
      async () =>
        whole(
          await testClient(pki.root, "P-256", {
            notBefore: Date.now() - 400 * day,
            notAfter: Date.now() - day,
          }),
        ),
      "expired",
      "renew it at https://identity.apple.com/pushcert",
    ],
    [
      "that is not valid yet",
      async () => whole(await testClient(pki.root, "P-256", { notBefore: Date.now() + day })),
      "not-yet-valid",
      "it is valid from",
    ],
    [
      "that is no client's",
      async () => whole(await testClient(pki.root, "P-256", { purposes: ["1.3.6.1.5.5.7.3.1"] })),
      "unfit",
      "lacks clientAuth",
    ],
  ])("%s is refused with the reason", async (_title, parts, code, detail) => {
    const refused = await sendPem(...(await parts()));

    expect([refused.status, refused.json.errors?.[0]?.code]).toEqual([400, code]);
    expect(refused.json.detail).toContain(detail);
  });

  test("of a PKCS#12 file, or of a key under a password, needs the password", async () => {
    const file = { pkcs12: toBase64(fixture("push.p12")) };
    const pemFiles = {
      certificate: (await testClient(pki.root, "P-256", { keys: authorityKeys() })).certificatePem,
      private_key: pemText("authority.pkcs8-aes256"),
    };

    const answers = [];
    for (const given of [file, pemFiles]) {
      for (const password of [undefined, "wrong", "geheim"])
        answers.push(await sendJson({ ...given, password }));
    }

    const told = answers.map(({ status, json }) => [status, json.errors?.[0]?.pointer ?? json.topic]);
    const stranger = "com.apple.mgmt.External.0a0a0a0a-0000-4000-8000-000000000000";
    expect(told).toEqual([
      [400, "/password"],
      [400, "/password"],
      [201, stranger],
      [400, "/password"],
      [400, "/password"],
      [201, testTopic],
    ]);
    await ask("DELETE", `${path}/${answers[2]?.json.id}`);
  });

  test("of a PKCS#12 file that is none says which field is wrong", async () => {
    const broken = await sendJson({ pkcs12: btoa("not a file"), password: "x" });
    const both = await sendJson({ pkcs12: "", certificate: "x", private_key: "y" });

    expect([broken.status, broken.json.errors[0].pointer]).toEqual([400, "/pkcs12"]);
    expect([both.status, both.json.errors[0].code]).toEqual([400, "contradiction"]);
  });
});

describe("certificates of one topic", () => {
  test("are used one at a time, and can be gone back to and removed", async () => {
    const [first, second] = [await testClient(pki.root, "P-256"), await testClient(pki.root, "P-256")];
    const old = await sendPem(...whole(first));
    const renewed = await sendPem(...whole(second));
    const inUse = async () =>
      (await ask("GET", path)).json.items
        .filter(({ in_use }: { in_use: boolean }) => in_use)
        .map(({ id }: { id: string }) => id);

    expect(await inUse()).toEqual([renewed.json.id]);
    await ask("PATCH", `${path}/${old.json.id}`, { json: { in_use: true, account: "it@example.com" } });
    expect(await inUse()).toEqual([old.json.id]);
    expect((await ask("GET", `${path}/${old.json.id}`)).json.account).toBe("it@example.com");

    expect((await ask("DELETE", `${path}/${renewed.json.id}`)).status).toBe(204);
    expect((await ask("GET", `${path}/${renewed.json.id}`)).status).toBe(404);
  });

  test("that devices listen to are not removed by mistake", async () => {
    const topic = "com.apple.mgmt.External.removal";
    const added = await sendPem(...whole(await testClient(pki.root, "P-256", { topic })));
    await env.DB.prepare(
      "INSERT INTO channels (device_id, user_id, kind, enabled, topic, seq) VALUES ('d', '', 'device', 1, ?, 1)",
    )
      .bind(topic)
      .run();

    const refused = await ask("DELETE", `${path}/${added.json.id}`);
    const forced = await ask("DELETE", `${path}/${added.json.id}?accept_orphaned=1`);
    await env.DB.prepare("DELETE FROM channels WHERE device_id = 'd'").run();

    expect([refused.status, refused.json.devices]).toEqual([409, 1]);
    expect(forced.status).toBe(204);
  });

  test("that expired are not gone back to", async () => {
    const { json } = await sendPem(...whole(await testClient(pki.root, "P-256")));
    await env.DB.prepare("UPDATE push_certificates SET not_after = 1 WHERE id = ?").bind(json.id).run();

    const refused = await ask("PATCH", `${path}/${json.id}`, { json: { in_use: true } });
    const ready = await ask("GET", "/readyz");

    expect(refused.status).toBe(409);
    expect([ready.status, ready.json.detail]).toEqual([
      503,
      `push: the push certificate of ${testTopic} expired on 1970-01-01T00:00:00.001Z`,
    ]);
    await ask("DELETE", `${path}/${json.id}`);
  });

  test("are warned of as their end comes near, once for each warning", async () => {
    const { json } = await sendPem(...whole(await testClient(pki.root, "P-256")));
    const now = Date.now();
    const warnedOf = () =>
      env.DB.prepare("SELECT warned_days FROM push_certificates WHERE id = ?")
        .bind(json.id)
        .first("warned_days");
    const endsIn = (days: number) =>
      env.DB.prepare("UPDATE push_certificates SET not_after = ? WHERE id = ?")
        .bind(now + days * day, json.id)
        .run();

    const warnings: unknown[] = [];
    for (const days of [90, 59.5, 20, 20, 0.5, -1]) {
      await endsIn(days);
      await warnOfExpiry(env, now);
      warnings.push(await warnedOf());
    }
    await endsIn(20.5);
    const ready = await ask("GET", "/readyz");
    await ask("DELETE", `${path}/${json.id}`);
    const told = async (name: string) => (await ask("GET", `/api/v1/events?name=push.${name}`)).json.items;

    expect(warnings).toEqual([null, 60, 30, 30, 1, 0]);
    expect(
      (await told("certificate_expires")).map(
        ({ detail }: { detail: { days_left: number } }) => detail.days_left,
      ),
    ).toEqual([0, 20, 59]);
    expect(await told("certificate_expired")).toMatchObject([{ detail: { topic: testTopic, days_left: 0 } }]);
    expect(ready.status).toBe(200);
    expect(ready.json.reminders?.[0]).toContain("expires in 20 days: renew it at");
  });
});

describe("expiry", () => {
  const row = { topic: testTopic, notAfter: 100 * day, account: "a@example.com", trouble: null };

  test.each([
    [61, undefined],
    [60, 60],
    [31, 60],
    [30, 30],
    [14, 14],
    [7, 7],
    [2.5, 3],
    [1, 1],
    [0.1, 1],
    [0, 0],
    [-3, 0],
  ])("%s days before the end the warning is %s", (days, warning) => {
    expect(warningDue(row.notAfter, row.notAfter - days * day)).toBe(warning);
  });

  test("names the account to renew with", () => {
    expect(daysLeft(row.notAfter, 93 * day)).toBe(7);
    expect(reminderOf(row, 93 * day)).toContain("with the Apple Account a@example.com");
    expect(reminderOf(row, 1 * day)).toBeUndefined();
    expect(troubleOf(row, 1 * day)).toBeUndefined();
    expect(troubleOf({ ...row, trouble: "BadCertificate" }, 1 * day)?.problem).toContain("BadCertificate");
  });
});
