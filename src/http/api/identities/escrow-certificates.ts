import { Hono } from "hono";
import * as v from "valibot";
import { type EscrowCertificateRow, listEscrowCertificates } from "../../../db/escrow-certificates.ts";
import { derOf } from "../../../enrollment/escrow-certificates.ts";
import { registrar } from "../../../enrollment/registrar.ts";
import { toPem } from "../../../pki/pem.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { body } from "../route/validate.ts";

const EscrowCertificate = v.pipe(
  v.object({
    fingerprint: v.pipe(v.string(), v.description("SHA-256 of the certificate, in hex")),
    certificate: v.pipe(
      v.string(),
      v.description("PEM: the certificate that an FDERecoveryKeyEscrow payload refers to"),
    ),
    in_use: v.pipe(
      v.boolean(),
      v.description("Devices get the newest one; the server can open keys for all of them"),
    ),
    expires_at: Time,
    created_at: Time,
  }),
  v.title("EscrowCertificate"),
);

const NewEscrowCertificate = v.pipe(
  v.strictObject({
    if_none: v.optional(v.pipe(v.boolean(), v.description("true: only if there is none yet")), false),
  }),
  v.title("NewEscrowCertificate"),
);

const List = v.object({ items: v.array(EscrowCertificate), next_cursor: v.null() });

export const escrowCertificates = new Hono<ApiEnv>();

escrowCertificates.get(
  "/",
  describeRoute("List the certificates that recovery keys are encrypted to, the newest first", { 200: List }),
  allow("viewer"),
  async (c) => c.json(presentAll(await listEscrowCertificates(c.var.db))),
);

escrowCertificates.post(
  "/",
  describeRoute(
    "Make an escrow certificate, which is used from then on",
    { 201: List },
    {
      detail:
        "The answer is the whole list. No certificate is ever removed: a disk may still be locked with a key for an old one.",
    },
  ),
  allow("admin"),
  body(NewEscrowCertificate, { optional: true }),
  idempotent(),
  async (c) => {
    await registrar(c.env).makeEscrowCertificate(c.req.valid("json").if_none);
    return c.json(presentAll(await listEscrowCertificates(c.var.db)), 201);
  },
);

const presentAll = (rows: readonly EscrowCertificateRow[]): v.InferInput<typeof List> => ({
  items: rows.map((row, at) => ({
    fingerprint: row.fingerprint,
    certificate: toPem("CERTIFICATE", derOf(row)),
    in_use: at === 0,
    expires_at: isoTime(row.notAfter),
    created_at: isoTime(row.createdAt),
  })),
  next_cursor: null,
});
