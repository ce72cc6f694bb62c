import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sha256, toHex } from "../../src/base/bytes.ts";
import { markLineRevoked } from "../../src/db/certificates.ts";
import { openDb } from "../../src/db/open.ts";
import { findAnchor } from "../../src/enrollment/anchor.ts";
import { forgetAuthorities, loadAuthorities } from "../../src/enrollment/authority.ts";
import { makeAuthority } from "../../src/enrollment/new-authority.ts";
import { claimCertificate, verifyIssued } from "../../src/enrollment/verify-issued.ts";
import type { Certificate, Credential } from "../../src/pki/certificate.ts";
import { bitString, oid, sequence } from "../../src/pki/der/write.ts";
import { issueLeaf, serialFrom } from "../../src/pki/issue.ts";
import { derEcdsaSignature, rawEcdsaSignature } from "../../src/pki/keys.ts";
import { issueAuthority, issueSelfSigned } from "../../src/pki/libraries/issue.ts";
import { commonName } from "../../src/pki/names.ts";
import { oids } from "../../src/pki/oids.ts";
import { fingerprint } from "../../src/pki/parse-certificate.ts";
import { readPem, toPem } from "../../src/pki/pem.ts";
import { ask, origin, tokenFor } from "../support/admin.ts";
import { certificateOf, pemText } from "../support/pki.ts";
import { readRevocationList } from "../support/read-revocation-list.ts";
import { planOf } from "../support/recording-database.ts";
import {
  enrol,
  exchange,
  getAuthority,
  mintChallenge,
  newClient,
  pooledKey,
} from "../support/scep-client.ts";
import { testIdentity } from "../support/test-pki.ts";

const year = 365 * 86_400_000;

beforeEach(async () => {
  await env.DB.batch([env.DB.prepare("DELETE FROM authorities"), env.DB.prepare("DELETE FROM certificates")]);
  forgetAuthorities();
});
afterEach(() => vi.restoreAllMocks());

const post = (json: object) => ask("POST", "/api/v1/authorities", { json });
const serial = () => serialFrom(crypto.getRandomValues(new Uint8Array(16)));

async function newAuthority(
  name: string,
): Promise<{ credential: Credential; certificate: string; private_key: string }> {
  const { pkcs8, spki } = pooledKey();
  const order = { name: { CN: name }, now: Date.now(), lifetimeMs: year };
  const der = await issueAuthority(order, { pkcs8, spki });
  return {
    credential: { certificate: certificateOf(der), pkcs8 },
    certificate: toPem("CERTIFICATE", der),
    private_key: toPem("PRIVATE KEY", pkcs8),
  };
}

const orderOfP256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** With (r, s) for a message, (r, order - s) is a signature of it too. */
function withOtherSignature({ tbs, signature }: Certificate): Uint8Array {
  const raw = rawEcdsaSignature(signature, "P-256") as Uint8Array;
  const s = orderOfP256 - BigInt(`0x${toHex(raw.subarray(32))}`);
  raw.set(Buffer.from(s.toString(16).padStart(64, "0"), "hex"), 32);
  return sequence(tbs, sequence(oid(oids.ecdsaWithSHA256)), bitString(derEcdsaSignature(raw)));
}

const leafUnder = async (issuer: Credential, lifetimeMs = year): Promise<Certificate> =>
  certificateOf(
    await issueLeaf(
      {
        serial: serial(),
        subject: commonName("device"),
        spki: pooledKey().spki,
        now: Date.now(),
        lifetimeMs,
      },
      issuer,
    ),
  );

describe("making authorities", () => {
  test("of several that ask for the first one at once exactly one is answered 201, and all get the same", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => post({ if_none: true })));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    expect((await ask("GET", "/api/v1/authorities")).json.items).toHaveLength(1);
  });

  test("the first one issues, and the second waits for a switch", async () => {
    const first = await post({});
    const second = await post({});
    expect([first.json.issuing, second.json.issuing]).toEqual([true, false]);
    expect((await getAuthority()).subjectText).toBe(first.json.subject);

    const switched = await ask("PATCH", `/api/v1/authorities/${second.json.id}`, { json: { issuing: true } });

    expect(switched.json.issuing).toBe(true);
    expect((await getAuthority()).subjectText).toBe(second.json.subject);
    const { items } = (await ask("GET", "/api/v1/authorities")).json;
    expect(items.map((item: { issuing: boolean }) => item.issuing)).toEqual([true, false]);
  });

  test("what Node makes is imported with its key, which then lies sealed", async () => {
    const { certificate, privateKey } = await makeAuthority("Example GmbH", Date.now());

    const added = await post({ certificate, private_key: privateKey });
    const again = await post({ certificate, private_key: privateKey });

    expect([added.status, again.status]).toEqual([201, 200]);
    expect(added.json).toMatchObject({ issuing: true, trusted_only: false });
    expect(added.json.subject).toMatch(/^CN=Device Identities [0-9a-f]{8},O=Example GmbH$/);
    expect(JSON.stringify(added.json)).not.toContain("PRIVATE");
    const row = await env.DB.prepare("SELECT * FROM authorities").first();
    const der = readPem(privateKey)[0]?.der ?? new Uint8Array();
    expect(JSON.stringify(row)).not.toContain(Buffer.from(der).toString("base64").slice(40, 80));
  });

  test("one that was only trusted issues once it comes with its key, if none does yet", async () => {
    const { certificate, private_key } = await newAuthority("Migrated");
    const trusted = await post({ certificate, trusted: true });
    expect((await exports.default.fetch(`${origin}/scep?operation=GetCACert`)).status).toBe(503);

    const keyed = await post({ certificate, private_key });

    expect(keyed.status).toBe(200);
    expect(keyed.json).toMatchObject({ id: trusted.json.id, issuing: true, trusted_only: false });
    expect((await enrol()).authority.subjectText).toBe("CN=Migrated");
  });

  test("a request for the former issuer is answered by it, while the new one issues for others", async () => {
    await post({});
    const old = await getAuthority();
    const { json } = await post({});
    await ask("PATCH", `/api/v1/authorities/${json.id}`, { json: { issuing: true } });

    const reply = await exchange(old, await newClient(), { challenge: await mintChallenge() });

    expect(toHex(reply.signer.der)).toBe(toHex(old.der));
    expect(toHex(reply.certificates[0]?.issuer ?? new Uint8Array())).toBe(toHex(old.subject));
  });

  test("an intermediate comes with the certificates above it, in the right order", async () => {
    const root = await newAuthority("Root");
    const leaf = await newAuthority("Other");

    const wrong = await post({ ...leaf, credential: undefined, chain: root.certificate });

    expect(wrong.status).toBe(400);
    expect(wrong.json.errors).toMatchObject([{ pointer: "/chain", code: "mismatch" }]);

    const above = await testIdentity({ commonName: "Above", isCa: true });
    const middle = await testIdentity({ commonName: "Middle", isCa: true, issuer: above });
    const namesake = await testIdentity({ commonName: "Above", isCa: true });
    const trust = (chain: string) => post({ certificate: middle.certificatePem, chain, trusted: true });
    expect((await trust(namesake.certificatePem)).json.errors).toMatchObject([{ code: "mismatch" }]);
    expect((await trust(above.certificatePem)).json.chain).toEqual([above.certificatePem]);
  });

  const unfit: [string, () => Promise<object>, object][] = [
    [
      "no PEM at all",
      async () => ({ certificate: "x", private_key: "y" }),
      { pointer: "/certificate", code: "unreadable" },
    ],
    [
      "a leaf",
      async () => ({ certificate: pemText("device.cert"), private_key: pemText("device.key") }),
      { pointer: "/certificate", code: "unfit" },
    ],
    [
      "the key of another certificate",
      async () => ({ certificate: (await newAuthority("A")).certificate, private_key: pemText("p256.key") }),
      { pointer: "/private_key", code: "mismatch" },
    ],
    [
      "a certificate without its key",
      async () => ({ certificate: (await newAuthority("A")).certificate }),
      { pointer: "/private_key" },
    ],
    [
      "a key without its certificate",
      async () => ({ private_key: pemText("device.key") }),
      { pointer: "/certificate" },
    ],
    [
      "a key under a passphrase",
      async () => ({
        certificate: (await newAuthority("A")).certificate,
        private_key: pemText("authority.pkcs8-aes256"),
      }),
      {
        pointer: "/private_key",
        code: "unreadable",
        detail: expect.stringContaining("private_key_password"),
      },
    ],
    [
      "a key under another passphrase",
      async () => ({
        certificate: (await newAuthority("A")).certificate,
        private_key: pemText("authority.pkcs8-aes256"),
        private_key_password: "falsch",
      }),
      { pointer: "/private_key", code: "unreadable" },
    ],
  ];
  test.each(unfit)("%s is refused by pointer", async (_, input, error) => {
    const { status, json } = await post(await input());

    expect(status).toBe(400);
    expect(json.errors).toMatchObject([error]);
  });

  test("an operator reads authorities and cannot make, switch or remove them", async () => {
    const token = await tokenFor("operator");

    expect((await ask("GET", "/api/v1/authorities", { token })).status).toBe(200);
    expect((await ask("POST", "/api/v1/authorities", { token, json: {} })).status).toBe(403);
    expect((await ask("DELETE", "/api/v1/authorities/0", { token })).status).toBe(403);
  });
});

describe("removing authorities", () => {
  test("the issuing one stays; another goes only when nobody is stranded, or their number is said", async () => {
    const first = await post({});
    await enrol();
    const second = await post({});
    const remove = (id: string, query = "") => ask("DELETE", `/api/v1/authorities/${id}${query}`);

    expect((await remove(first.json.id)).json.detail).toContain("switch");
    await ask("PATCH", `/api/v1/authorities/${second.json.id}`, { json: { issuing: true } });
    const refused = await remove(first.json.id);
    expect([refused.status, refused.json.unexpired]).toEqual([409, 1]);
    expect((await remove(first.json.id, "?accept_stranded=2")).status).toBe(409);

    expect((await remove(first.json.id, "?accept_stranded=1")).status).toBe(204);
    expect((await remove(first.json.id)).status).toBe(404);
  });

  test("its identities are strangers from then on", async () => {
    const former = await newAuthority("Former");
    const { json } = await post({ certificate: former.certificate, trusted: true });
    const leaf = await leafUnder(former.credential);
    expect((await verifyIssued(env, leaf, Date.now())).ok).toBe(true);

    await ask("DELETE", `/api/v1/authorities/${json.id}?accept_stranded=1`);

    expect(await verifyIssued(env, leaf, Date.now())).toMatchObject({
      refusal: { reason: "untrusted", cause: { reason: "unknown-issuer" } },
    });
  });
});

describe("who is vouched for", () => {
  test("an identity under a trusted authority gets its row when it is first seen, and can be claimed and revoked", async () => {
    const former = await newAuthority("Former MDM");
    const { json } = await post({ certificate: former.certificate, trusted: true });
    expect(json).toMatchObject({ trusted_only: true, issuing: false, crl_path: null });
    const leaf = await leafUnder(former.credential);
    const name = await fingerprint(leaf.der);

    expect(await verifyIssued(env, leaf, Date.now())).toMatchObject({
      ok: true,
      value: { fingerprint: name, issuedFor: undefined, claimedBy: undefined, authorityId: json.id },
    });
    expect(await claimCertificate(env, name, "D1")).toBe(true);
    expect((await ask("GET", `/api/v1/certificates/${name}`)).json).toMatchObject({
      how: "import",
      device_id: "D1",
    });
    await ask("POST", `/api/v1/certificates/${name}/revoke`);
    expect(await verifyIssued(env, leaf, Date.now())).toMatchObject({ refusal: { reason: "revoked" } });
  });

  test("not the same identity in another spelling: an ECDSA signature has two, and a revocation holds for both", async () => {
    const former = await testIdentity({ commonName: "Former MDM", isCa: true });
    await post({ certificate: former.certificatePem, trusted: true });
    const { certificate } = await testIdentity({ commonName: "device", issuer: former });
    const twin = certificateOf(withOtherSignature(certificate));
    expect((await verifyIssued(env, certificate, Date.now())).ok).toBe(true);

    const authorities = await loadAuthorities(env, Date.now());
    const claimed = { certificate: twin, fingerprint: await fingerprint(twin.der) };
    expect((await findAnchor(claimed, authorities)).ok, "its signature holds").toBe(true);
    expect(await verifyIssued(env, twin, Date.now())).toMatchObject({
      refusal: { reason: "serial-taken", serial: certificate.serial },
    });
    await ask("POST", `/api/v1/certificates/${await fingerprint(certificate.der)}/revoke`);
    expect((await verifyIssued(env, twin, Date.now())).ok).toBe(false);
  });

  test("nobody else: a self-signed certificate, a namesake of our authority, a certificate of tomorrow's tomorrow", async () => {
    const ours = await newAuthority("Ours");
    const namesake = await newAuthority("Ours");
    await post({ ...ours, credential: undefined });
    const order = { name: { CN: "device" }, now: Date.now(), lifetimeMs: year };
    const self = certificateOf(await issueSelfSigned(order, pooledKey()));
    const now = Date.now();

    expect(await verifyIssued(env, self, now)).toMatchObject({ refusal: { reason: "untrusted" } });
    expect(await verifyIssued(env, await leafUnder(namesake.credential), now)).toMatchObject({
      refusal: { reason: "untrusted" },
    });
    const leaf = await leafUnder(ours.credential);
    expect(await verifyIssued(env, leaf, now - 3 * 86_400_000)).toMatchObject({
      refusal: { reason: "not-yet-valid" },
    });
    expect((await verifyIssued(env, leaf, now - 86_000_000)).ok, "a clock that is a day off").toBe(true);
    expect(await verifyIssued(env, leaf, leaf.notAfter + 1)).toMatchObject({
      refusal: { reason: "expired" },
    });
  });

  test("is read from the record each time: what was revoked a moment ago is refused", async () => {
    await post({});
    const { identity } = await enrol();
    const now = Date.now();
    expect((await verifyIssued(env, identity.certificate, now)).ok).toBe(true);
    const name = await fingerprint(identity.certificate.der);

    await env.DB.prepare("UPDATE certificates SET revoked_at = 1 WHERE fingerprint = ?").bind(name).run();

    expect(await verifyIssued(env, identity.certificate, now)).toMatchObject({
      refusal: { reason: "revoked" },
    });
  });

  test("authorities are used stale while the database fails, and asked again soon", async () => {
    await post({});
    const now = Date.now();
    const [known] = await loadAuthorities(env, now);
    const broken = {
      ...env,
      DB: {
        prepare: () => {
          throw new Error("D1_ERROR: Network connection lost");
        },
      },
    } as unknown as Env;

    const stale = await loadAuthorities(broken, now + 61_000);

    expect(stale[0]).toBe(known);
    expect(await loadAuthorities(env, now + 67_000)).toEqual(stale);
  });
});

describe("the list of certificates", () => {
  test("filters by device, authority, revocation and expiry, and walks all pages once", async () => {
    const authority = await post({});
    for (let count = 0; count < 5; count++) await enrol();
    const all = (await ask("GET", "/api/v1/certificates")).json.items as { fingerprint: string }[];
    const [first, second] = all.map((item) => item.fingerprint) as [string, string];
    await claimCertificate(env, first, "DEVICE");
    await ask("POST", `/api/v1/certificates/${second}/revoke`, { json: { reason: "superseded" } });
    const soon = Date.now() + 10 * 86_400_000;
    await env.DB.prepare("UPDATE certificates SET not_after = ? WHERE fingerprint = ?")
      .bind(soon, first)
      .run();
    const list = async (query: string) =>
      ((await ask("GET", `/api/v1/certificates?${query}`)).json.items as typeof all).map(
        (item) => item.fingerprint,
      );

    expect(all).toHaveLength(5);
    expect(await list("device=DEVICE")).toEqual([first]);
    expect(await list("revoked=true")).toEqual([second]);
    expect(await list("revoked=false")).toHaveLength(4);
    expect(await list("expiring_within=30d")).toEqual([first]);
    expect(await list("expiring_within=24h")).toEqual([]);
    expect(await list(`authority=${authority.json.id}`)).toHaveLength(5);
    expect(await list("authority=0")).toEqual([]);
    expect((await ask("GET", "/api/v1/certificates?expiring_within=soon")).status).toBe(400);

    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { json } = await ask("GET", `/api/v1/certificates?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...(json.items as typeof all).map((item) => item.fingerprint));
      cursor = json.next_cursor;
    }
    expect(seen).toEqual(all.map((item) => item.fingerprint));
  });

  test("the renewals of a revoked certificate are found by an index, whatever the number of certificates", async () => {
    const revocation = { reason: "keyCompromise", harmless: "superseded", line: true };
    const { sql, params } = markLineRevoked(openDb(env.DB), "00", revocation, 0).toSQL();

    const plan = await planOf(env.DB, { sql, params });

    expect(plan.filter((step) => step.includes("certificates"))).toEqual([
      expect.stringMatching(/^SEARCH certificates USING .*\(fingerprint=\?\)/),
      expect.stringMatching(/^SEARCH certificates USING INDEX certificates_renewal_of/),
    ]);
  });

  test("a revoked certificate stands in the list of its authority, which openssl could check, and its device is told", async () => {
    await post({});
    const { identity, authority } = await enrol();
    const name = await fingerprint(identity.certificate.der);
    await claimCertificate(env, name, "TOLD");

    const first = await ask("POST", `/api/v1/certificates/${name}/revoke`, {
      json: { reason: "keyCompromise" },
    });
    const again = await ask("POST", `/api/v1/certificates/${name}/revoke`);

    expect([first.json.revocation_reason, again.json.revocation_reason]).toEqual([
      "keyCompromise",
      "keyCompromise",
    ]);
    const { items } = (await ask("GET", "/api/v1/authorities")).json;
    const answer = await exports.default.fetch(origin + items[0].crl_path);
    expect(answer.headers.get("Content-Type")).toBe("application/pkix-crl");
    const crl = readRevocationList(new Uint8Array(await answer.arrayBuffer()));
    expect([...crl.revoked.keys()]).toEqual([identity.certificate.serial]);
    expect(await crl.isSignedBy(authority)).toBe(true);
    expect(crl.nextUpdate).toBeGreaterThan(Date.now());
  });

  test("what is not there is a 404", async () => {
    expect((await ask("GET", "/api/v1/certificates/00")).status).toBe(404);
    expect((await ask("POST", "/api/v1/certificates/00/revoke")).status).toBe(404);
    expect((await exports.default.fetch(`${origin}/crl/0123456789abcdef.crl`)).status).toBe(404);
    expect((await exports.default.fetch(`${origin}/crl/x.crl`)).status).toBe(404);
  });
});

describe("challenges", () => {
  test("are shown once and kept as a hash; the address is the public one", async () => {
    const { status, json } = await ask("POST", "/api/v1/enrollment/challenges", {
      json: { expires_in: 600 },
    });

    expect(status).toBe(201);
    expect(json.scep_url).toBe("https://mdm.example.com/scep");
    expect(json.challenge).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(Date.parse(json.expires_at) - Date.now()).toBeGreaterThan(590_000);
    const { results } = await env.DB.prepare("SELECT * FROM challenges").all();
    expect(JSON.stringify(results)).not.toContain(json.challenge);
    expect(JSON.stringify(results)).toContain(toHex(await sha256(new TextEncoder().encode(json.challenge))));
  });

  test("that expired unused a week ago are cleared away by the next one, used ones stay", async () => {
    const [unused, used] = [await mintChallenge(), await mintChallenge()];
    const idOf = async (challenge: string) => toHex(await sha256(new TextEncoder().encode(challenge)));
    const longAgo = Date.now() - 8 * 86_400_000;
    await env.DB.prepare("UPDATE challenges SET expires_at = ?").bind(longAgo).run();
    await env.DB.prepare("UPDATE challenges SET consumed_by = 'key' WHERE id = ?")
      .bind(await idOf(used))
      .run();

    await mintChallenge();

    const { results } = await env.DB.prepare("SELECT id FROM challenges").all<{ id: string }>();
    const ids = results.map(({ id }) => id);
    expect([ids.includes(await idOf(unused)), ids.includes(await idOf(used))]).toEqual([false, true]);
  });

  test("may be asked for without a body, and ends", async () => {
    expect((await ask("POST", "/api/v1/enrollment/challenges")).status).toBe(201);
    expect((await ask("POST", "/api/v1/enrollment/challenges", { json: { expires_in: 1e9 } })).status).toBe(
      400,
    );
    expect((await ask("POST", "/api/v1/enrollment/challenges", { json: { seriall: "x" } })).status).toBe(400);
  });
});
