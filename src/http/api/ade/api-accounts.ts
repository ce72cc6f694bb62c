import { type Context, Hono } from "hono";
import * as v from "valibot";
import {
  createPortalAccount,
  type PortalRefusal,
  removePortalAccount,
  replaceKey,
  updatePortalAccount,
} from "../../../apple-business/portal/manage-accounts.ts";
import { openPortal } from "../../../apple-business/portal/object.ts";
import { findPortalAccount, listPortalAccounts } from "../../../db/portal-accounts.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import { repeatsName, unlessRepeated } from "../route/repeated-name.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid } from "../route/validate.ts";
import {
  ApiAccount,
  ApiAccountPatch,
  NewApiAccount,
  NewApiKey,
  presentApiAccount,
} from "./api-account-json.ts";
import { appleProblems, refusedByApple } from "./refused.ts";

/** API accounts of Apple's portal, each with its key. */
export const apiAccounts = new Hono<ApiEnv>();

apiAccounts.get(
  "/",
  describeRoute("List the API accounts of Apple's portal, by name", {
    200: v.object({ items: v.array(ApiAccount), next_cursor: v.null() }),
  }),
  allow("viewer"),
  async (c) =>
    c.json({ items: (await listPortalAccounts(c.var.db)).map(presentApiAccount), next_cursor: null }),
);

apiAccounts.post(
  "/",
  describeRoute(
    "Store an API account of Apple's portal with its key",
    { 201: ApiAccount },
    {
      problems: ["conflict", "invalid-request", ...appleProblems],
      detail: "Apple is asked with the key first. See docs/apple-business.md.",
    },
  ),
  allow("admin"),
  body(NewApiAccount),
  idempotent(),
  async (c) => {
    const { name, base_url: baseUrl, reads_coverage: readsCoverage, ...key } = c.req.valid("json");
    const options = { baseUrl, readsCoverage };
    const by = c.var.caller.tokenId;
    const made = await createPortalAccount(c.env, name, givenKey(key), options, by, Date.now());
    if (!made.ok) return refused(c, name, made.refusal);
    return c.json(presentApiAccount(made.value), 201, { Location: `/api/v1/ade/api-accounts/${name}` });
  },
);

apiAccounts.get(
  "/:name",
  describeRoute("Read one API account", { 200: ApiAccount }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findPortalAccount(c.var.db, c.req.param("name"));
    return row ? c.json(presentApiAccount(row)) : unknownApiAccount(c);
  },
);

apiAccounts.patch(
  "/:name",
  describeRoute(
    "Say whether the coverage of each device is read",
    { 200: ApiAccount },
    { problems: ["not-found"] },
  ),
  allow("admin"),
  body(ApiAccountPatch),
  async (c) => {
    const { reads_coverage: readsCoverage } = c.req.valid("json");
    const row = await updatePortalAccount(c.env, c.req.param("name"), { readsCoverage }, Date.now());
    return row ? c.json(presentApiAccount(row)) : unknownApiAccount(c);
  },
);

apiAccounts.put(
  "/:name/key",
  describeRoute(
    "Replace the key of an API account",
    { 200: ApiAccount },
    {
      problems: ["not-found", "invalid-request", ...appleProblems],
      detail: "It replaces the present key after Apple took it.",
    },
  ),
  allow("admin"),
  body(NewApiKey),
  async (c) => {
    const row = await findPortalAccount(c.var.db, c.req.param("name"));
    if (!row) return unknownApiAccount(c);
    const changed = await replaceKey(c.env, row, givenKey(c.req.valid("json")), Date.now());
    if (!changed.ok) return refused(c, row.name, changed.refusal);
    return changed.value ? c.json(presentApiAccount(changed.value)) : unknownApiAccount(c);
  },
);

apiAccounts.delete(
  "/:name",
  describeRoute(
    "Delete an API account with its key",
    { 204: "Deleted" },
    {
      problems: ["not-found", "unconfirmed"],
      detail:
        "What Apple said of orders and AppleCare goes, and activities are followed no more. Nothing changes at Apple: revoke the key there. Repeat the name in `confirm`.",
    },
  ),
  allow("admin"),
  repeatsName,
  async (c) => {
    const row = await findPortalAccount(c.var.db, c.req.param("name"));
    if (!row) return unknownApiAccount(c);
    const what = "orders and AppleCare of its devices would be known here no more";
    const unconfirmed = unlessRepeated(c, c.req.valid("query"), row.name, what);
    if (unconfirmed) return unconfirmed;
    await removePortalAccount(c.env, row.name);
    return c.body(null, 204);
  },
);

apiAccounts.post(
  "/:name/sync",
  describeRoute(
    "Read now what the organisation bought",
    { 202: ApiAccount },
    { problems: ["not-found"], detail: "It happens by itself once a day, and goes on in the background." },
  ),
  allow("operator"),
  async (c) => {
    const row = await findPortalAccount(c.var.db, c.req.param("name"));
    if (!row) return unknownApiAccount(c);
    await openPortal(c.env, row.name).begin();
    return c.json(presentApiAccount(row), 202);
  },
);

export const unknownApiAccount = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", `there is no API account ${c.req.param("name")}`);

const givenKey = (given: { client_id: string; key_id: string; private_key: string }) => ({
  clientId: given.client_id,
  keyId: given.key_id,
  privateKey: given.private_key,
});

function refused(c: Context<ApiEnv>, name: string, refusal: PortalRefusal): Response {
  switch (refusal.reason) {
    case "not-proven":
      return refusedByApple(c, name, refusal.apple);
    case "input":
      return invalid(c, [{ pointer: refusal.pointer, code: "not-usable", detail: refusal.detail }]);
    default:
      return problem(c, "conflict", refusal.detail);
  }
}
