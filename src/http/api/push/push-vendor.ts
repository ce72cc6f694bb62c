import { Hono } from "hono";
import * as v from "valibot";
import { deletePushVendor, findPushVendor, type PushVendorRow } from "../../../db/push-requests.ts";
import { readVendor } from "../../../push/read-vendor.ts";
import { keepVendor } from "../../../push/vendor.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { body, invalid } from "../route/validate.ts";
import { credentialEntries, credentialError, givenCredential } from "./credential-json.ts";

const PushVendor = v.pipe(
  v.object({
    id: v.string(),
    subject: v.string(),
    not_after: v.pipe(Time, v.description("The earliest end of all certificates in its chain")),
    created_at: Time,
  }),
  v.title("PushVendor"),
);

const NewPushVendor = v.pipe(v.strictObject(credentialEntries), v.title("NewPushVendor"));

export const pushVendor = new Hono<ApiEnv>();

pushVendor.get(
  "/",
  describeRoute(
    "Read which vendor certificate signs requests for push certificates",
    { 200: PushVendor },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  async (c) => {
    const row = await findPushVendor(c.var.db);
    return row ? c.json(present(row)) : problem(c, "not-found", "this server has no vendor certificate");
  },
);

pushVendor.put(
  "/",
  describeRoute(
    "Upload the vendor certificate with its key and its chain; it replaces the earlier one",
    { 200: PushVendor },
    {
      detail: "For MDM vendors: the MDM CSR certificate from Apple. Include Apple's intermediate and root.",
    },
  ),
  allow("admin"),
  body(NewPushVendor),
  async (c) => {
    const given = givenCredential(c.req.valid("json"), true);
    if (!given.ok) return invalid(c, [given.refusal]);
    const now = Date.now();
    const vendor = await readVendor(given.value, now);
    if (!vendor.ok) return invalid(c, [credentialError(vendor.refusal, true)]);
    return c.json(present(await keepVendor(c.env, vendor.value, now)));
  },
);

pushVendor.delete(
  "/",
  describeRoute("Remove the vendor certificate and its key", { 204: "Removed" }, { problems: ["not-found"] }),
  allow("admin"),
  async (c) =>
    (await deletePushVendor(c.var.db))
      ? c.body(null, 204)
      : problem(c, "not-found", "this server has no vendor certificate"),
);

const present = (row: PushVendorRow): v.InferInput<typeof PushVendor> => ({
  id: row.id,
  subject: row.subject,
  not_after: isoTime(row.notAfter),
  created_at: isoTime(row.createdAt),
});
