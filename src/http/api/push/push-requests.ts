import { type Context, Hono } from "hono";
import * as v from "valibot";
import { loadSettings } from "../../../admin/settings.ts";
import { signForPortal } from "../../../apns/certificate-request.ts";
import { ok, type Result } from "../../../base/result.ts";
import {
  deletePushRequest,
  findPushRequest,
  findPushVendor,
  listPushRequests,
  type PushRequestRow,
} from "../../../db/push-requests.ts";
import { toPem } from "../../../pki/pem.ts";
import { derIn, makeRequest, openMdmcertMail, sendToMdmcert } from "../../../push/manage-requests.ts";
import { textOf } from "../../../push/read-credential.ts";
import { readVendor } from "../../../push/read-vendor.ts";
import { signWithKept } from "../../../push/vendor.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { body, invalid, rawBody } from "../route/validate.ts";
import { credentialEntries, credentialError, givenCredential } from "./credential-json.ts";

const email = v.pipe(v.string(), v.email(), v.maxLength(128));

const PushRequest = v.pipe(
  v.object({
    id: v.string(),
    account: v.pipe(v.string(), v.description("The Apple Account used to request the certificate")),
    csr: v.pipe(v.string(), v.description("PEM; Apple takes it only with the signature of a vendor")),
    sent_to_mdmcert: v.pipe(v.boolean(), v.description("mdmcert.download was asked to sign it")),
    created_at: Time,
  }),
  v.title("PushRequest"),
);

const NewPushRequest = v.pipe(
  v.strictObject({
    account: v.pipe(
      email,
      v.description("The Apple Account; for a renewal, the one that made the certificate"),
    ),
    common_name: v.optional(
      v.pipe(v.string(), v.minLength(1), v.maxLength(64), v.description("Default: the organization")),
    ),
    country: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, "must be two capital letters")), "US"),
  }),
  v.title("NewPushRequest"),
);

const VendorOnce = v.pipe(v.strictObject(credentialEntries), v.title("VendorCredential"));

const MdmcertOrder = v.pipe(
  v.strictObject({
    email: v.pipe(
      email,
      v.description(
        "The address that is registered and confirmed at mdmcert.download, which mails its answer there",
      ),
    ),
    api_key: v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(200),
      v.description("From mdmcert.download; it is not kept"),
    ),
  }),
  v.title("MdmcertOrder"),
);

const portalFile = { 200: "The file to upload at identity.apple.com/pushcert" };

export const pushRequests = new Hono<ApiEnv>();

pushRequests.get(
  "/",
  describeRoute("List the requests whose push certificates are not uploaded yet, newest first", {
    200: v.object({ items: v.array(PushRequest), next_cursor: v.null() }),
  }),
  allow("viewer"),
  async (c) => c.json({ items: (await listPushRequests(c.var.db)).map(present), next_cursor: null }),
);

pushRequests.post(
  "/",
  describeRoute(
    "Make a key and a request for a push certificate",
    { 201: PushRequest },
    {
      detail:
        "The server keeps the key, sealed. Upload the certificate without it to /api/v1/push-certificates.",
    },
  ),
  allow("admin"),
  body(NewPushRequest),
  idempotent(),
  async (c) => {
    const { account, common_name, country } = c.req.valid("json");
    const now = Date.now();
    const commonName = common_name ?? (await loadSettings(c.env, now)).organization.slice(0, 64);
    const made = await makeRequest(c.env, { email: account, commonName, country }, now);
    return c.json(present(made), 201, { Location: `/api/v1/push-certificate-requests/${made.id}` });
  },
);

pushRequests.get(
  "/:id",
  describeRoute("Read one request", { 200: PushRequest }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findPushRequest(c.var.db, c.req.param("id"));
    return row ? c.json(present(row)) : unknown(c, c.req.param("id"));
  },
);

pushRequests.post(
  "/:id/sign",
  describeRoute("Sign a request as a vendor", portalFile, {
    answerTypes: { "text/plain": "Base64 of a property list" },
    problems: ["not-found", "conflict"],
    detail:
      "It uses the vendor certificate on this server (/api/v1/push-vendor), or one in the body, which is not kept. The answer is text: base64 of Apple's PushCertRequest property list.",
  }),
  allow("admin"),
  body(VendorOnce, { optional: true }),
  async (c) => {
    const row = await findPushRequest(c.var.db, c.req.param("id"));
    if (!row) return unknown(c, c.req.param("id"));
    const given = c.req.valid("json");
    const signed =
      Object.keys(given).length > 0 ? await signWithGiven(given, row) : await signWithStored(c, row);
    if (signed === undefined)
      return problem(
        c,
        "conflict",
        "this server has no vendor certificate: PUT it to /api/v1/push-vendor, or send it in the body",
      );
    return signed.ok ? portalAnswer(c, row, signed.value) : invalid(c, [signed.refusal]);
  },
);

pushRequests.post(
  "/:id/mdmcert",
  describeRoute(
    "Have mdmcert.download sign a request: it mails its answer",
    { 202: PushRequest },
    {
      problems: ["not-found", "conflict", "upstream-unreachable"],
      detail: "For organisations that are not MDM vendors.",
    },
  ),
  allow("admin"),
  body(MdmcertOrder),
  idempotent(),
  async (c) => {
    const id = c.req.param("id");
    const row = await findPushRequest(c.var.db, id);
    if (!row) return unknown(c, id);
    const { email: address, api_key: apiKey } = c.req.valid("json");
    const sent = await sendToMdmcert(c.env, row, { email: address, apiKey }, Date.now());
    if (!sent.ok && sent.refusal.unreachable)
      return problem(c, "upstream-unreachable", `mdmcert.download ${sent.refusal.detail}; try again`);
    if (!sent.ok)
      return problem(c, "conflict", `mdmcert.download refused the request: ${sent.refusal.detail}`);
    return c.json({ ...present(row), sent_to_mdmcert: true }, 202);
  },
);

pushRequests.post(
  "/:id/mdmcert/mail",
  describeRoute("Open the file that mdmcert.download mailed", portalFile, {
    answerTypes: { "text/plain": "Base64 of a property list" },
    problems: ["not-found", "conflict"],
    detail:
      "The body is the attachment unchanged: hexadecimal text. The answer is the file for Apple's portal.",
  }),
  allow("admin"),
  rawBody(["text/plain", "application/octet-stream"], { limitBytes: 256 * 1024 }),
  async (c) => {
    const row = await findPushRequest(c.var.db, c.req.param("id"));
    if (!row) return unknown(c, c.req.param("id"));
    const opened = await openMdmcertMail(c.env, row, textOf(c.var.bytes) ?? "");
    if (opened.ok) return portalAnswer(c, row, opened.value);
    if (opened.refusal.reason === "not-sent")
      return problem(c, "conflict", "this request was never sent to mdmcert.download");
    return invalid(c, [{ pointer: "", code: opened.refusal.reason, detail: opened.refusal.detail }]);
  },
);

pushRequests.delete(
  "/:id",
  describeRoute("Delete a request and its key", { 204: "Deleted" }, { problems: ["not-found"] }),
  allow("admin"),
  async (c) => {
    const gone = await deletePushRequest(c.var.db, c.req.param("id"));
    return gone ? c.body(null, 204) : unknown(c, c.req.param("id"));
  },
);

async function signWithGiven(
  json: v.InferOutput<typeof VendorOnce>,
  row: PushRequestRow,
): Promise<Result<string, RequestError>> {
  const given = givenCredential(json, true);
  if (!given.ok) return given;
  const vendor = await readVendor(given.value, Date.now());
  return vendor.ok
    ? ok(await signForPortal(derIn(row.csr), vendor.value))
    : { ok: false, refusal: credentialError(vendor.refusal, true) };
}

async function signWithStored(
  c: Context<ApiEnv>,
  row: PushRequestRow,
): Promise<Result<string, RequestError> | undefined> {
  const vendor = await findPushVendor(c.var.db);
  return vendor && ok(await signWithKept(c.env, vendor, row.csr));
}

const portalAnswer = (c: Context, { id }: PushRequestRow, file: string): Response =>
  c.body(file, 200, {
    "Content-Type": "text/plain",
    "Content-Disposition": `attachment; filename="push-request-${id}.plist.b64"`,
  });

const unknown = (c: Context, id: string): Response =>
  problem(c, "not-found", `no request for a push certificate has the id ${id}`);

const present = (row: PushRequestRow): v.InferInput<typeof PushRequest> => ({
  id: row.id,
  account: row.account,
  csr: toPem("CERTIFICATE REQUEST", derIn(row.csr)),
  sent_to_mdmcert: row.exchangeCertificate !== null,
  created_at: isoTime(row.createdAt),
});
