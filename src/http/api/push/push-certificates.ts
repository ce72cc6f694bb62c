import { type Context, Hono } from "hono";
import * as v from "valibot";
import { fromBase64 } from "../../../base/bytes.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import {
  findPushCertificate,
  listPushCertificates,
  type PushCertificateRow,
  setAccount,
} from "../../../db/push-certificates.ts";
import { restartJob } from "../../../jobs/jobs.ts";
import { toPem } from "../../../pki/pem.ts";
import { daysLeft } from "../../../push/expiry.ts";
import {
  addCertificate,
  keyKnownHere,
  removeCertificate,
  type TopicRefusal,
  useCertificate,
} from "../../../push/manage-certificates.ts";
import { readCertificate } from "../../../push/read-certificate.ts";
import { type GivenCredential, textOf } from "../../../push/read-credential.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { body, bodyOrRaw, invalid, query } from "../route/validate.ts";
import { credentialEntries, credentialError, givenCredential } from "./credential-json.ts";

const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());

const PushCertificate = v.pipe(
  v.object({
    id: v.string(),
    topic: v.pipe(
      v.string(),
      v.description("The topic that devices listen to for as long as they are enrolled"),
    ),
    in_use: v.pipe(v.boolean(), v.description("Pushes to the topic are sent with it")),
    account: v.pipe(text, v.description("The Apple Account that it must be renewed with")),
    serial: v.string(),
    fingerprint: v.pipe(v.string(), v.description("SHA-256 of the certificate, in hex")),
    certificate: v.pipe(v.string(), v.description("PEM")),
    not_before: Time,
    not_after: Time,
    days_left: count,
    trouble: v.pipe(text, v.description("Why its last push could not be sent")),
    trouble_at: TimeOrNull,
    created_at: Time,
  }),
  v.title("PushCertificate"),
);

const account = v.pipe(
  v.string(),
  v.maxLength(200),
  v.description("The Apple Account that made it, for the person who renews it"),
);

const NewPushCertificate = v.pipe(
  v.strictObject({
    ...credentialEntries,
    account: v.optional(account),
  }),
  v.title("NewPushCertificate"),
);

const PushCertificateChange = v.pipe(
  v.strictObject({
    in_use: v.optional(
      v.pipe(v.literal(true), v.description("Go back to this one: pushes are sent with it again")),
    ),
    account: v.optional(v.nullable(account)),
  }),
  v.title("PushCertificateChange"),
);

const orphaned = (what: string) => ({
  accept_orphaned: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.description(what))),
});

export const pushCertificates = new Hono<ApiEnv>();

pushCertificates.get(
  "/",
  describeRoute("List the push certificates, those in use first", {
    200: v.object({ items: v.array(PushCertificate), next_cursor: v.null() }),
  }),
  allow("viewer"),
  async (c) => c.json({ items: (await listPushCertificates(c.var.db)).map(present), next_cursor: null }),
);

pushCertificates.post(
  "/",
  describeRoute(
    "Upload a push certificate with its key; it is used from then on",
    { 201: PushCertificate, 200: PushCertificate },
    {
      problems: ["conflict"],
      detail:
        "Send PEM text with the certificate and the key in any order, or JSON. Leave the key out if this server made the request for the certificate. The earlier certificate is kept. 200: it was here already. A certificate with another topic than the one devices listen to is refused, unless you give the number of those devices.",
    },
  ),
  allow("admin"),
  query({
    ...orphaned("The number of devices that listen to another topic and would have to enroll again"),
    account: v.optional(account),
  }),
  bodyOrRaw(NewPushCertificate, ["application/x-pem-file"]),
  idempotent(),
  async (c) => {
    const asked = c.req.valid("query");
    const json = c.req.valid("json");
    const given = givenCertificate(json, c.var.bytes);
    if (!given.ok) return invalid(c, [given.refusal]);
    const now = Date.now();
    const read = await readCertificate(given.value, keyKnownHere(c.env), now);
    if (!read.ok) return invalid(c, [credentialError(read.refusal, json !== undefined)]);
    const more = { account: json?.account ?? asked.account ?? null, acceptOrphaned: asked.accept_orphaned };
    const added = await addCertificate(c.env, read.value, more, now);
    if (!added.ok) return otherTopic(c, added.refusal);
    const { row, added: isNew } = added.value;
    await restartJob(c.env, "wake", c.var.caller.tokenId);
    return c.json(present(row), isNew ? 201 : 200, { Location: `/api/v1/push-certificates/${row.id}` });
  },
);

pushCertificates.get(
  "/:id",
  describeRoute("Read one push certificate", { 200: PushCertificate }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findPushCertificate(c.var.db, c.req.param("id"));
    return row ? c.json(present(row)) : unknown(c, c.req.param("id"));
  },
);

pushCertificates.patch(
  "/:id",
  describeRoute(
    "Go back to a push certificate, or set its Apple Account",
    { 200: PushCertificate },
    { problems: ["not-found", "conflict"] },
  ),
  allow("admin"),
  body(PushCertificateChange),
  async (c) => {
    const id = c.req.param("id");
    const change = c.req.valid("json");
    if (change.in_use) {
      const used = await useCertificate(c.env, id, Date.now());
      if (!used.ok && used.refusal.reason === "expired") {
        return problem(c, "conflict", `it expired on ${isoTime(used.refusal.notAfter)}; upload a newer one`);
      }
      if (!used.ok) return unknown(c, id);
      await restartJob(c.env, "wake", c.var.caller.tokenId);
    }
    if (change.account !== undefined) await setAccount(c.var.db, id, change.account);
    const row = await findPushCertificate(c.var.db, id);
    return row ? c.json(present(row)) : unknown(c, id);
  },
);

pushCertificates.delete(
  "/:id",
  describeRoute(
    "Remove a push certificate and its key",
    { 204: "Removed" },
    { problems: ["not-found", "conflict"] },
  ),
  allow("admin"),
  query(orphaned("The number of devices that will get no more pushes")),
  async (c) => {
    const id = c.req.param("id");
    const removed = await removeCertificate(c.env, id, c.req.valid("query").accept_orphaned);
    if (removed.ok) return c.body(null, 204);
    if (removed.refusal.reason === "unknown") return unknown(c, id);
    const { devices, topic } = removed.refusal;
    return problem(
      c,
      "conflict",
      `it is in use, and ${devices} devices listen to ${topic}: nothing could wake them; upload its successor first, or repeat with ?accept_orphaned=${devices}`,
      { members: { devices } },
    );
  },
);

function givenCertificate(
  json: v.InferOutput<typeof NewPushCertificate> | undefined,
  bytes: Uint8Array<ArrayBuffer>,
): Result<GivenCredential, RequestError> {
  if (json !== undefined) return givenCredential(json, false);
  const text = textOf(bytes);
  if (text !== undefined) return ok({ form: "pem", text, password: undefined });
  const detail = "the body is not text; send a PKCS#12 file as JSON, in base64";
  return refuse({ pointer: "", code: "unreadable", detail });
}

const otherTopic = (c: Context, { topic, inUse, devices }: TopicRefusal): Response =>
  problem(
    c,
    "conflict",
    `its topic is ${topic}, and ${devices} enrolled devices listen to another one (${inUse.join(", ") || "whose certificate is not here"}): they cannot change it, so no push would reach them and each would have to enroll again. Renew the old certificate instead: use Renew at https://identity.apple.com/pushcert with the Apple Account that made it. To lose these devices anyway, repeat with ?accept_orphaned=${devices}`,
    { members: { devices } },
  );

const unknown = (c: Context, id: string): Response =>
  problem(c, "not-found", `no push certificate has the id ${id}`);

const present = (row: PushCertificateRow): v.InferInput<typeof PushCertificate> => ({
  id: row.id,
  topic: row.topic,
  in_use: row.inUse,
  account: row.account,
  serial: row.serial,
  fingerprint: row.fingerprint,
  certificate: toPem("CERTIFICATE", fromBase64(row.certificate) ?? new Uint8Array()),
  not_before: isoTime(row.notBefore),
  not_after: isoTime(row.notAfter),
  days_left: daysLeft(row.notAfter, Date.now()),
  trouble: row.trouble,
  trouble_at: isoTimeOrNull(row.troubleAt),
  created_at: isoTime(row.createdAt),
});
