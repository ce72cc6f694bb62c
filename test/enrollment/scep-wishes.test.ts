import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { toHex } from "../../src/base/bytes.ts";
import { forgetRevocationLists } from "../../src/enrollment/revocation-list.ts";
import { type AltName, altNamesExtension, readAltNames } from "../../src/pki/alt-names.ts";
import type { Certificate } from "../../src/pki/certificate.ts";
import { commonName } from "../../src/pki/names.ts";
import { oids } from "../../src/pki/oids.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { ask, origin, tokenFor } from "../support/admin.ts";
import { buildCsr } from "../support/build-request.ts";
import { invite, newDevice } from "../support/fleet.ts";
import { readRevocationList } from "../support/read-revocation-list.ts";
import { credentialOf } from "../support/renewal-request.ts";
import {
  type Client,
  envelopeOf,
  exchange,
  getAuthority,
  mintChallenge,
  newClient,
  pooledKey,
  post,
  signRequest,
} from "../support/scep-client.ts";

// What clients wish for, or keep sending, beside the request itself.

let authority: Certificate;

beforeAll(async () => {
  await ask("POST", "/api/v1/authorities", { json: {} });
  authority = await getAuthority();
});

const csrWith = (client: Client, challenge: string, altNames: readonly AltName[]) =>
  buildCsr({
    subject: commonName("device"),
    ...client.key,
    challengePassword: challenge,
    extensions: altNames.length > 0 ? [altNamesExtension(altNames)] : [],
  });

const namesIn = (certificate: Certificate | undefined): AltName[] => {
  const names = certificate?.extensions.get(oids.subjectAltName);
  return names ? readAltNames(names.value) : [];
};

async function issued(challenge: string, altNames: readonly AltName[]): Promise<AltName[]> {
  const client = await newClient();
  const reply = await exchange(authority, client, { content: await csrWith(client, challenge, altNames) });
  expect(reply.pkiStatus).toBe("0");
  return namesIn(reply.certificates[0]);
}

const dns: AltName = { kind: "dns", value: "phone.example.com" };
const email: AltName = { kind: "email", value: "anna@example.com" };
const upn: AltName = { kind: "upn", value: "änna@example.com" };

describe("alternative names", () => {
  test("that a request carries are issued where the challenge allows it, and nowhere else", async () => {
    expect(await issued(await mintChallenge({ requested_alt_names: true }), [dns, email, upn])).toEqual([
      dns,
      email,
      upn,
    ]);
    expect(await issued(await mintChallenge(), [dns, email])).toEqual([]);
  });

  test("are allowed by an administrator alone", async () => {
    const json = { requested_alt_names: true };
    const token = await tokenFor("operator");
    expect((await ask("POST", "/api/v1/enrollment/challenges", { json, token })).status).toBe(403);
  });

  test("of the settings are issued, and what a device fills in where they have a variable", async () => {
    const patch = (SubjectAltName: unknown) =>
      ask("PATCH", "/api/v1/enrollment/settings", { json: { scep: { SubjectAltName } } });
    const names = { rfc822Name: "mdm@example.com", dNSName: ["a.example.com", "%SerialNumber%.example.com"] };
    await ask("PATCH", "/api/v1/enrollment/settings", {
      json: { mdm: { Topic: "com.apple.mgmt.External.x" } },
    });
    const set = await patch(names);
    expect(set.status, set.text).toBe(200);
    const profile = await ask("GET", "/api/v1/enrollment/profile");
    expect(profile.status, profile.text).toBe(200);
    const challenge = /<key>Challenge<\/key>\s*<string>([^<]+)/.exec(profile.text)?.[1] ?? "";
    await patch(null);

    expect(
      await issued(challenge, [
        { kind: "dns", value: "C02.example.com" },
        { kind: "uri", value: "https://evil.example" },
      ]),
    ).toEqual([
      { kind: "email", value: "mdm@example.com" },
      { kind: "dns", value: "a.example.com" },
      { kind: "dns", value: "C02.example.com" },
    ]);
  });
});

describe("a request that an identity signed", () => {
  async function enrolled() {
    const device = newDevice("iphone");
    const invitation = await invite();
    await device.enroll(invitation);
    const signer = credentialOf(device.identity);
    // Keys come from a small pool, and the one that used the challenge may ask again.
    const isSame = ({ spki }: { spki: Uint8Array }) => toHex(spki) === toHex(signer.certificate.spki);
    const otherKey = () => {
      const key = pooledKey();
      return isSame(key) ? pooledKey() : key;
    };
    const stranger = await newClient("SCEP SIGNER", otherKey());
    return { device, signer, stranger, next: { key: otherKey(), signer }, used: invitation.challenge };
  }

  test("is a renewal also when it still carries the challenge that was used", async () => {
    const { device, signer, next, used } = await enrolled();

    const reply = await exchange(authority, next, { challenge: used, subject: signer.certificate.subject });

    expect(reply.pkiStatus).toBe("0");
    const name = await fingerprint(reply.certificates[0]?.der ?? new Uint8Array());
    expect((await ask("GET", `/api/v1/certificates/${name}`)).json).toMatchObject({
      purpose: "renewal",
      renewal_of: { device_id: device.id },
    });
  });

  test("but a stranger with the used challenge, or with another subject, gets nothing", async () => {
    const { signer, stranger, next, used } = await enrolled();

    expect((await exchange(authority, stranger, { challenge: used })).pkiStatus).toBe("2");
    const other = await exchange(authority, next, { challenge: used, subject: commonName("another") });
    expect(other.pkiStatus).toBe("2");
    expect(signer.certificate.isCa).toBe(false);
  });
});

test("a revocation list is never older than a revocation that it lists", async () => {
  const client = await newClient();
  const { certificates } = await exchange(authority, client, { challenge: await mintChallenge() });
  const name = await fingerprint(certificates[0]?.der ?? new Uint8Array());
  await ask("POST", `/api/v1/certificates/${name}/revoke`);
  forgetRevocationLists();
  const { json } = await ask("GET", "/api/v1/authorities");

  const answer = await exports.default.fetch(origin + json.items[0].crl_path);

  const list = readRevocationList(new Uint8Array(await answer.arrayBuffer()));
  const times = [...list.revoked.values()];
  expect(times).toHaveLength(1);
  expect(list.thisUpdate).toBeGreaterThanOrEqual(Math.max(...times));
  expect(list.thisUpdate).toBeLessThanOrEqual(Date.now());
});

test("a client that can do nothing newer than triple DES reads in the log which setting lets it in", async () => {
  const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const client = await newClient();
  const csr = await csrWith(client, "x", []);
  const request = await signRequest(client.signer, await envelopeOf(authority, csr, "3DES-CBC"), {});

  await post(request);

  const lines = said.mock.calls.map(([line]) => String(line));
  said.mockRestore();
  expect(lines.find((line) => line.includes("scep-refused"))).toContain("SCEP_LEGACY_CIPHERS=true");
});
