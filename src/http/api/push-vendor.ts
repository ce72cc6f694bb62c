import { Hono } from "hono";
import * as v from "valibot";
import { deletePushVendor, findPushVendor, type PushVendorRow } from "../../db/push-requests.ts";
import { readVendor } from "../../wake/read-vendor.ts";
import { keepVendor } from "../../wake/vendor.ts";
import type { ApiEnv } from "./api-env.ts";
import { allow } from "./auth.ts";
import { credentialEntries, credentialError, givenCredential } from "./credential-json.ts";
import { problem } from "./problem.ts";
import { describe } from "./route-line.ts";
import { isoTime, Time } from "./times.ts";
import { body, invalid } from "./validate.ts";

const PushVendor = v.pipe(
  v.object({
    id: v.string(),
    subject: v.string(),
    not_after: v.pipe(Time, v.description("Of whichever in its chain ends first")),
    created_at: Time,
  }),
  v.title("PushVendor"),
);

const NewPushVendor = v.pipe(v.strictObject(credentialEntries), v.title("NewPushVendor"));

export const pushVendor = new Hono<ApiEnv>();

pushVendor.get(
  "/",
  describe(
    "Read which vendor certificate signs requests for push certificates",
    { 200: PushVendor },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  async (c) => {
    const row = await findPushVendor(c.var.db);
    return row ? c.json(present(row)) : problem(c, "not-found", "no vendor certificate is here");
  },
);

pushVendor.put(
  "/",
  describe(
    "Upload the vendor certificate with its key and its chain, in place of the one before",
    { 200: PushVendor },
    {
      detail:
        "For MDM vendors: the certificate of the kind MDM CSR that Apple grants. Apple's intermediate and root belong to it.",
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
  describe("Remove the vendor certificate and its key", { 204: "Removed" }, { problems: ["not-found"] }),
  allow("admin"),
  async (c) =>
    (await deletePushVendor(c.var.db))
      ? c.body(null, 204)
      : problem(c, "not-found", "no vendor certificate is here"),
);

const present = (row: PushVendorRow): v.InferInput<typeof PushVendor> => ({
  id: row.id,
  subject: row.subject,
  not_after: isoTime(row.notAfter),
  created_at: isoTime(row.createdAt),
});
