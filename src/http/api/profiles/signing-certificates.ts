import { type Context, Hono } from "hono";
import * as v from "valibot";
import { fromBase64 } from "../../../base/bytes.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import { listSigningCertificates, type SigningCertificateRow } from "../../../db/signing-certificates.ts";
import { addSigningCertificate, removeSigningCertificate } from "../../../enrollment/signing-certificates.ts";
import { toPem } from "../../../pki/pem.ts";
import { daysLeft } from "../../../push/expiry.ts";
import {
  chainAbove,
  type GivenCredential,
  isSelfIssued,
  readCredential,
  textOf,
} from "../../../push/read-credential.ts";
import { credentialEntries, credentialError, givenCredential } from "../push/credential-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { bodyOrRaw, invalid } from "../route/validate.ts";

const SigningCertificate = v.pipe(
  v.object({
    id: v.string(),
    in_use: v.pipe(v.boolean(), v.description("Profiles are signed with it")),
    subject: v.string(),
    fingerprint: v.pipe(v.string(), v.description("SHA-256 of the certificate, in hex")),
    certificate: v.pipe(v.string(), v.description("PEM")),
    chain: v.pipe(v.array(v.string()), v.description("PEM of the certificates above it, nearest first")),
    not_before: Time,
    not_after: Time,
    days_left: v.pipe(v.number(), v.integer()),
    uploaded_at: Time,
  }),
  v.title("SigningCertificate"),
);

const NewSigningCertificate = v.pipe(v.strictObject(credentialEntries), v.title("NewSigningCertificate"));

export const signingCertificates = new Hono<ApiEnv>();

signingCertificates.get(
  "/",
  describeRoute(
    "List the certificates that profiles are signed with, the newest upload first",
    { 200: v.object({ items: v.array(SigningCertificate), next_cursor: v.null() }) },
    { detail: "The first valid one is used; if there is none, the issuing authority signs." },
  ),
  allow("viewer"),
  async (c) => c.json({ items: presentAll(await listSigningCertificates(c.var.db)), next_cursor: null }),
);

signingCertificates.post(
  "/",
  describeRoute(
    "Upload a certificate with its key; profiles are signed with it from then on",
    { 201: SigningCertificate, 200: SigningCertificate },
    {
      detail:
        "Send PEM text with the certificate, its chain and the key, or JSON, which can also hold a PKCS#12 file. 200: it was here already and is used again.",
    },
  ),
  allow("admin"),
  bodyOrRaw(NewSigningCertificate, ["application/x-pem-file"]),
  idempotent(),
  async (c) => {
    const json = c.req.valid("json");
    const given = givenOf(json, c.var.bytes);
    if (!given.ok) return invalid(c, [given.refusal]);
    const read = await readCredential(given.value);
    if (!read.ok) return invalid(c, [credentialError(read.refusal, json !== undefined)]);
    const { certificate, others, pkcs8 } = read.value;
    // The root is left out: a device that does not have it would not trust it anyway.
    const chain = chainAbove(certificate, others).filter((above) => !isSelfIssued(above));
    const saved = await addSigningCertificate(c.env, { certificate, chain, pkcs8 }, Date.now());
    if (!saved.ok) {
      const refusal = { ...saved.refusal, field: "certificate" };
      return invalid(c, [credentialError(refusal, json !== undefined)]);
    }
    const { row, added } = saved.value;
    const location = `/api/v1/signing-certificates/${row.id}`;
    return c.json(await present(c, row.id), added ? 201 : 200, { Location: location });
  },
);

signingCertificates.get(
  "/:id",
  describeRoute("Read one signing certificate", { 200: SigningCertificate }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const one = await present(c, c.req.param("id"));
    return one ? c.json(one) : unknown(c);
  },
);

signingCertificates.delete(
  "/:id",
  describeRoute(
    "Remove a signing certificate and its key",
    { 204: "Removed" },
    { problems: ["not-found"], detail: "Profiles that it signed stay unchanged on devices." },
  ),
  allow("admin"),
  async (c) => {
    const gone = await removeSigningCertificate(c.env, c.req.param("id"));
    return gone ? c.body(null, 204) : unknown(c);
  },
);

function givenOf(
  json: v.InferOutput<typeof NewSigningCertificate> | undefined,
  bytes: Uint8Array<ArrayBuffer>,
): Result<GivenCredential, RequestError> {
  if (json !== undefined) return givenCredential(json, true);
  const text = textOf(bytes);
  if (text !== undefined) return ok({ form: "pem", text, password: undefined });
  const detail = "the body is not text; send a PKCS#12 file as JSON, in base64";
  return refuse({ pointer: "", code: "unreadable", detail });
}

const unknown = (c: Context): Response =>
  problem(c, "not-found", `no signing certificate has the id ${c.req.param("id")}`);

const present = async (c: Context<ApiEnv>, id: string) =>
  presentAll(await listSigningCertificates(c.var.db)).find((one) => one.id === id);

function presentAll(rows: readonly SigningCertificateRow[]): v.InferInput<typeof SigningCertificate>[] {
  const now = Date.now();
  const used = rows.find(({ notBefore, notAfter }) => notBefore <= now && now < notAfter);
  return rows.map((row) => ({
    id: row.id,
    in_use: row === used,
    subject: row.subject,
    fingerprint: row.fingerprint,
    certificate: pemOf(row.certificate),
    chain: row.chain.map(pemOf),
    not_before: isoTime(row.notBefore),
    not_after: isoTime(row.notAfter),
    days_left: daysLeft(row.notAfter, now),
    uploaded_at: isoTime(row.uploadedAt),
  }));
}

const pemOf = (der: string): string => toPem("CERTIFICATE", fromBase64(der) ?? new Uint8Array());
