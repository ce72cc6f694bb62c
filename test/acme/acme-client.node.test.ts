import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import acme from "acme-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BareServer } from "../../scripts/bare/server.ts";

// A client that somebody else wrote, against the Worker as it would be uploaded: through everything but an attestation,
// which no client outside of Apple's systems makes.

const folder = mkdtempSync(join(tmpdir(), "edgemdm-acme-"));
let server: BareServer;

beforeAll(async () => {
  server = await BareServer.start(resolve(import.meta.dirname, "../.."), folder);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

async function identifier(attestation: "required" | "preferred"): Promise<string> {
  const answer = await server.request("/api/v1/enrollment/challenges", {
    method: "POST",
    json: { attestation },
  });
  expect(answer.status).toBe(201);
  return (JSON.parse(answer.body) as { challenge: string }).challenge;
}

async function clientWith(accountKey: Buffer | string): Promise<acme.Client> {
  const directoryUrl = `${server.origin}/acme/directory`;
  const client = new acme.Client({ directoryUrl, accountKey, backoffAttempts: 1 });
  await client.createAccount({ termsOfServiceAgreed: true, contact: ["mailto:it@example.com"] });
  return client;
}

async function ordered(client: acme.Client, attestation: "required" | "preferred") {
  const value = await identifier(attestation);
  const order = await client.createOrder({ identifiers: [{ type: "permanent-identifier", value }] });
  const [authorization] = await client.getAuthorizations(order);
  const challenge = authorization?.challenges[0];
  if (!challenge) throw new Error("the authorization has no challenge");
  return { order, authorization, challenge };
}

const isDone = (order: acme.Order) => expect(order.status).toBe("valid");

describe.each([
  ["P-256", () => acme.crypto.createPrivateEcdsaKey("P-256")],
  ["P-384", () => acme.crypto.createPrivateEcdsaKey("P-384")],
  ["RSA", () => acme.crypto.createPrivateRsaKey(2048)],
] as const)("with an account key of %s", (_, newKey) => {
  test("it gets a certificate where no attestation is required, and gives it back", async () => {
    const client = await clientWith(await newKey());
    const { order, authorization, challenge } = await ordered(client, "preferred");
    expect([order.status, authorization?.status, challenge.status]).toEqual([
      "pending",
      "pending",
      "pending",
    ]);
    expect(challenge.type).toBe("device-attest-01");

    await client.completeChallenge(challenge);
    await client.waitForValidStatus(challenge);
    const [, csr] = await acme.crypto.createCsr({ commonName: "a device" }, await newKey());
    isDone(await client.finalizeOrder(order, csr));
    const pem = await client.getCertificate(order);

    expect(acme.crypto.readCertificateInfo(pem).domains.commonName).toBe("a device");
    expect(acme.crypto.splitPemChain(pem)).toHaveLength(2);
    await client.revokeCertificate(pem, { reason: 4 });
    await expect(client.revokeCertificate(pem)).rejects.toThrow(/already revoked/);
  });

  test("it gets nothing where one is", async () => {
    const client = await clientWith(await newKey());
    const { order, challenge } = await ordered(client, "required");

    await client.completeChallenge(challenge);

    await expect(client.waitForValidStatus(challenge)).rejects.toThrow();
    const [, csr] = await acme.crypto.createCsr({ commonName: "a device" });
    await expect(client.finalizeOrder(order, csr)).rejects.toThrow(/not ready/);
  });
});
