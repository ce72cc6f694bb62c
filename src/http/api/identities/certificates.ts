import { type Context, Hono } from "hono";
import * as v from "valibot";
import { fromBase64 } from "../../../base/bytes.ts";
import { day, hour } from "../../../base/time.ts";
import { type CertificateRow, findCertificate, listCertificates } from "../../../db/certificates.ts";
import { revokeCertificate } from "../../../enrollment/revoke.ts";
import { crlReasons } from "../../../pki/crl-reasons.ts";
import { toPem } from "../../../pki/pem.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { body, query } from "../route/validate.ts";

const optionalText = v.nullable(v.string());

const IssuedFor = v.object({
  serial: v.optional(v.string()),
  udid: v.optional(v.string()),
  account: v.optional(v.string()),
  device_id: v.optional(v.string()),
});

const Certificate = v.pipe(
  v.object({
    fingerprint: v.pipe(v.string(), v.description("SHA-256 of the certificate, in hex")),
    authority: v.pipe(v.string(), v.description("The id of the authority")),
    serial: v.string(),
    subject: v.string(),
    device_id: v.pipe(
      optionalText,
      v.description("The device that uses it; null: no device has used it yet"),
    ),
    issued_for: v.pipe(v.nullable(IssuedFor), v.description("What was known when it was issued")),
    purpose: v.pipe(
      v.picklist(["enrollment", "renewal", "use"]),
      v.description("`use`: it is no identity, and a device that shows it is a stranger"),
    ),
    use: v.pipe(
      v.nullable(v.object({ name: v.string(), declaration: v.string(), user_id: optionalText })),
      v.description(
        "What it is for, of the setting `certificate_uses`, and the asset that asked for it; null: it is an identity",
      ),
    ),
    renewal_of: v.nullable(v.object({ device_id: optionalText, fingerprint: optionalText })),
    how: v.pipe(
      v.picklist(["scep", "acme", "import"]),
      v.description("`import`: it was issued by a trusted authority"),
    ),
    not_before: Time,
    expires_at: Time,
    issued_at: Time,
    revoked_at: TimeOrNull,
    revocation_reason: optionalText,
  }),
  v.title("Certificate"),
);

const CertificateWithPem = v.pipe(
  v.object({ ...Certificate.entries, certificate: v.pipe(v.string(), v.description("PEM")) }),
  v.title("CertificateWithPem"),
);

const spans = { d: day, h: hour } as const;

const span = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,4}[dh]$/, "must be a number of days or hours, such as 30d or 12h"),
  v.transform((text) => Number(text.slice(0, -1)) * spans[text.at(-1) as keyof typeof spans]),
  v.description("Only valid ones that expire within this time, soonest first: 30d, 12h"),
);

const Filters = {
  device: v.optional(v.pipe(v.string(), v.description("The id of a device"))),
  authority: v.optional(v.pipe(v.string(), v.description("The id of an authority"))),
  expiring_within: v.optional(span),
  revoked: v.optional(v.boolean()),
  use: v.optional(v.pipe(v.string(), v.maxLength(40), v.description("The name of a use of certificates"))),
};

const byTime = v.tuple([v.number(), v.string()]);

const Revocation = v.pipe(
  v.strictObject({
    reason: v.optional(
      v.picklist(Object.keys(crlReasons) as (keyof typeof crlReasons)[]),
      "cessationOfOperation",
    ),
  }),
  v.title("Revocation"),
);

export const certificates = new Hono<ApiEnv>();

certificates.get(
  "/",
  describeRoute("List certificates of devices, newest first: identities, and those for other uses", {
    200: pageOf(Certificate),
  }),
  allow("viewer"),
  query({ ...Filters, ...listQuery(Certificate, byTime) }),
  async (c) => {
    const { device, authority, expiring_within, revoked, use } = c.req.valid("query");
    const now = Date.now();
    const expiringBefore = expiring_within === undefined ? undefined : now + expiring_within;
    const filter = { deviceId: device, authorityId: authority, expiringBefore, revoked, use };
    const keyOf = (row: CertificateRow): [number, string] => [
      expiringBefore === undefined ? row.issuedAt : row.notAfter,
      row.fingerprint,
    ];
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listCertificates(c.var.db, filter, now, limit, after),
      present,
      keyOf,
    });
  },
);

certificates.get(
  "/:fingerprint",
  describeRoute("Read one device identity", { 200: CertificateWithPem }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findCertificate(c.var.db, c.req.param("fingerprint"));
    return row ? c.json(presentWithPem(row)) : unknown(c, c.req.param("fingerprint"));
  },
);

certificates.post(
  "/:fingerprint/revoke",
  describeRoute(
    "Revoke a device identity: its device is refused from its next request on",
    { 200: CertificateWithPem },
    { problems: ["not-found"] },
  ),
  allow("operator"),
  body(Revocation, { optional: true }),
  async (c) => {
    const fingerprint = c.req.param("fingerprint");
    const row = await revokeCertificate(c.env, fingerprint, c.req.valid("json").reason, Date.now());
    return row ? c.json(presentWithPem(row)) : unknown(c, fingerprint);
  },
);

const unknown = (c: Context, fingerprint: string): Response =>
  problem(c, "not-found", `no certificate has the fingerprint ${fingerprint}`);

function present(row: CertificateRow): v.InferInput<typeof Certificate> {
  const { deviceId, replaces: _, ...known } = row.issuedFor ?? {};
  return {
    fingerprint: row.fingerprint,
    authority: row.authorityId,
    serial: row.serial,
    subject: row.subject,
    device_id: row.deviceId,
    issued_for: row.issuedFor && { ...known, ...(deviceId !== undefined && { device_id: deviceId }) },
    purpose: row.purpose,
    use: row.use && {
      name: row.use.name,
      declaration: row.use.declaration,
      user_id: row.use.userId === "" ? null : row.use.userId,
    },
    renewal_of: row.renewalOf && {
      device_id: row.renewalOf.deviceId ?? null,
      fingerprint: row.renewalOf.fingerprint ?? null,
    },
    how: row.how,
    not_before: isoTime(row.notBefore),
    expires_at: isoTime(row.notAfter),
    issued_at: isoTime(row.issuedAt),
    revoked_at: isoTimeOrNull(row.revokedAt),
    revocation_reason: row.reason,
  };
}

const presentWithPem = (row: CertificateRow): v.InferInput<typeof CertificateWithPem> => ({
  ...present(row),
  certificate: toPem("CERTIFICATE", fromBase64(row.der) ?? new Uint8Array()),
});
