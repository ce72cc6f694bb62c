// The Worker that `scripts/bench/pki.ts` measures from outside: it does a job as often as it is asked.
import { keyOfAccount } from "../../src/acme/account-key.ts";
import { attestationRoots, isForToken, verifyAttestation } from "../../src/acme/attestation.ts";
import { readCertificateRequest } from "../../src/acme/certificate-request.ts";
import { readChallengeResponse } from "../../src/acme/challenge-response.ts";
import { parseJws, verifyJws } from "../../src/acme/jws.ts";
import { type Bytes, fromBase64, fromUtf8 } from "../../src/base/bytes.ts";
import { body, signature } from "../../src/http/device/sample-connect.ts";
import { identify } from "../../src/mdm/identify.ts";
import type { Credential } from "../../src/pki/certificate.ts";
import { findChain } from "../../src/pki/chain.ts";
import { buildEnvelope, openEnvelope, parseEnvelope } from "../../src/pki/cms/envelope.ts";
import { buildSignedData } from "../../src/pki/cms/sign.ts";
import { verifySignedData } from "../../src/pki/cms/verify.ts";
import { parseCsr, verifyCsr } from "../../src/pki/csr.ts";
import { issueLeaf, serialFrom } from "../../src/pki/issue.ts";
import { commonName } from "../../src/pki/names.ts";
import { fingerprint, parseCertificate } from "../../src/pki/parse-certificate.ts";

const must = <Value>(result: { ok: true; value: Value } | { ok: false; refusal: unknown }): Value => {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
};

// What a fresh isolate of the Worker has verified before its first request.
void identify({ mdmSignature: signature }, body, undefined);

let files: Record<string, Bytes> = {};
const file = (name: string): Bytes => {
  const bytes = files[name];
  if (!bytes) throw new Error(`no file ${name}`);
  return bytes;
};

const credentials = new Map<string, Credential>();
function credential(name: string): Credential {
  const known = credentials.get(name);
  if (known) return known;
  const certificate = must(parseCertificate(file(`${name}.cert`)));
  const made = { certificate, pkcs8: file(`${name}.key`) };
  credentials.set(name, made);
  return made;
}

const verify = async (name: string) =>
  must(await verifySignedData(file(name), { detached: file("body"), allowSha1: true }));

const issue = () =>
  issueLeaf(
    {
      serial: serialFrom(new Uint8Array(16)),
      subject: commonName("Anna"),
      spki: credential("device").certificate.spki,
      now: 0,
      lifetimeMs: 1e9,
    },
    credential("authority"),
  );

/** All that one PKIOperation computes: the signature, the envelope, the request, the certificate, and the answer around it. */
async function scep(): Promise<void> {
  await verify("detached.cms");
  must(await openEnvelope(must(parseEnvelope(file("encrypted-aes128.cms"))), credential("authority")));
  must(await verifyCsr(must(parseCsr(file("request.csr")))));
  const envelope = must(await buildEnvelope(await issue(), credential("device").certificate));
  await buildSignedData({ signer: credential("authority"), content: envelope });
}

async function signedPayload(name: string): Promise<Bytes> {
  const request = must(parseJws(file(name)));
  const key = "kid" in request.by ? keyOfAccount(request.by.kid) : undefined;
  if (!key) throw new Error("no key");
  must(await verifyJws(request, key));
  return request.payload;
}

/** All that a challenge computes: the account's signature, the attestation, its chain up to a root on P-384. */
async function acmeChallenge(): Promise<void> {
  const response = must(readChallengeResponse(await signedPayload("acme.challenge")));
  if (response.kind !== "attested") throw new Error("no attestation");
  const roots = attestationRoots(fromUtf8(file("acme.root")));
  const attestation = must(await verifyAttestation(response.chain, roots, Date.now()));
  if (!(await isForToken(attestation, "token"))) throw new Error("not fresh");
}

/** All that finalizing computes: the account's signature, the request's, and the certificate's by an RSA authority. */
async function acmeFinalize(): Promise<void> {
  const { spki, subject } = must(
    await readCertificateRequest(await signedPayload("acme.finalize"), undefined),
  );
  const serial = serialFrom(new Uint8Array(16));
  await issueLeaf({ serial, subject, spki, now: 0, lifetimeMs: 1e9 }, credential("authority"));
}

const jobs: Record<string, () => unknown> = {
  nothing: () => undefined,
  "SCEP, all of it": scep,
  "ACME, a request signed by its account": () => signedPayload("acme.finalize"),
  "ACME, a challenge with its attestation": acmeChallenge,
  "ACME, a certificate issued": acmeFinalize,
  "parse certificate": () => must(parseCertificate(file("device.cert"))),
  fingerprint: () => fingerprint(file("device.cert")),
  "verify Mdm-Signature, RSA-2048": () => verify("detached.cms"),
  "verify Mdm-Signature as macOS sends it": () => verify("detached-sha1-noattr.cms"),
  "verify Mdm-Signature, P-256": () => verify("detached-p256.cms"),
  "find chain, one step": async () =>
    must(
      await findChain(credential("device").certificate, { anchors: [credential("authority").certificate] }),
    ),
  "parse and verify request": async () => must(await verifyCsr(must(parseCsr(file("request.csr"))))),
  "issue certificate": issue,
  "sign message": () => buildSignedData({ signer: credential("authority"), content: file("body") }),
  "open envelope": async () =>
    must(await openEnvelope(must(parseEnvelope(file("encrypted-aes128.cms"))), credential("authority"))),
  "build envelope": async () => must(await buildEnvelope(file("body"), credential("device").certificate)),
};

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (request.method === "POST") {
      const texts = (await request.json()) as Record<string, string>;
      files = Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [name, fromBase64(text) ?? new Uint8Array()]),
      );
      return new Response(JSON.stringify(Object.keys(jobs)));
    }
    const job = jobs[decodeURIComponent(url.pathname.slice(1))];
    if (!job) return new Response("no such job", { status: 404 });
    for (let left = Number(url.searchParams.get("times") ?? 1); left > 0; left--) await job();
    return new Response("done");
  },
};
