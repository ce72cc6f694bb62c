import { type Context, Hono } from "hono";
import * as v from "valibot";
import { derOf } from "../../../apple-business/key-pair.ts";
import { createAccount, removeAccount, updateAccount } from "../../../apple-business/manage-accounts.ts";
import { openServer } from "../../../apple-business/object.ts";
import { findAccount, listAccounts } from "../../../db/ade-accounts.ts";
import { countDevices } from "../../../db/ade-devices.ts";
import { toPem } from "../../../pki/pem.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import { repeatsName } from "../route/repeated-name.ts";
import { describeRoute } from "../route/route-line.ts";
import { anyType, body, invalid, query, rawBody } from "../route/validate.ts";
import {
  AdeAccount,
  AdeAccountPatch,
  AdeCertificate,
  CreatedAdeAccount,
  NewAdeAccount,
  presentAccount,
} from "./account-json.ts";
import { appleProblems, refusedToken } from "./refused.ts";

/** The servers of Apple's portal that devices come from, each with its token. */
export const adeAccounts = new Hono<ApiEnv>();

adeAccounts.get(
  "/",
  describeRoute("List the ADE accounts, by name", {
    200: v.object({ items: v.array(AdeAccount), next_cursor: v.null() }),
  }),
  allow("viewer"),
  async (c) => c.json({ items: (await listAccounts(c.var.db)).map(presentAccount), next_cursor: null }),
);

adeAccounts.post(
  "/",
  describeRoute(
    "Create an ADE account, and the certificate to upload at Apple",
    { 201: CreatedAdeAccount },
    { problems: ["conflict"], detail: "Then send the token file that Apple gives for it. See docs/ade.md." },
  ),
  allow("admin"),
  body(NewAdeAccount),
  idempotent(),
  async (c) => {
    const { name, ...given } = c.req.valid("json");
    const made = await createAccount(c.env, name, optionsFrom(given), c.var.caller.tokenId, Date.now());
    if (!made.ok) {
      const { reason, detail } = made.refusal;
      return reason === "base-url" ? wrongBaseUrl(c, detail) : problem(c, "conflict", detail);
    }
    const { row, certificate } = made.value;
    const answer = { ...presentAccount(row), certificate_waits: true, certificate };
    return c.json(answer, 201, { Location: `/api/v1/ade/accounts/${name}` });
  },
);

adeAccounts.get(
  "/:name",
  describeRoute("Read one ADE account", { 200: AdeAccount }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findAccount(c.var.db, c.req.param("name"));
    return row ? c.json(presentAccount(row)) : unknownAccount(c);
  },
);

adeAccounts.patch(
  "/:name",
  describeRoute("Change how Apple is asked", { 200: AdeAccount }, { problems: ["not-found"] }),
  allow("admin"),
  body(AdeAccountPatch),
  async (c) => {
    const options = optionsFrom(c.req.valid("json"));
    const changed = await updateAccount(c.env, c.req.param("name"), options, Date.now());
    if (!changed.ok) return wrongBaseUrl(c, changed.refusal.detail);
    return changed.value ? c.json(presentAccount(changed.value)) : unknownAccount(c);
  },
);

adeAccounts.delete(
  "/:name",
  describeRoute(
    "Delete an ADE account with its token and keys",
    { 204: "Deleted" },
    {
      problems: ["not-found", "unconfirmed"],
      detail:
        "Its devices are listed no more and get no profile from here; those that are enrolled stay enrolled, and what was escrowed stays. Managed Apple Accounts that need managed devices fail on them. Nothing changes at Apple. Repeat the name in `confirm`.",
    },
  ),
  allow("admin"),
  repeatsName,
  async (c) => {
    const { name } = (await findAccount(c.var.db, c.req.param("name"))) ?? {};
    if (name === undefined) return unknownAccount(c);
    if (c.req.valid("query").confirm !== name) {
      const devices = await countDevices(c.var.db, name);
      const detail = `${devices} devices are listed for it: they get no profile from here any more, and what signs for Managed Apple Accounts is gone. If it is meant so, add ?confirm=${name}`;
      return problem(c, "unconfirmed", detail, { members: { devices } });
    }
    await removeAccount(c.env, name);
    return c.body(null, 204);
  },
);

adeAccounts.get(
  "/:name/certificate",
  describeRoute(
    "Read the certificate that waits for a token",
    { 200: AdeCertificate },
    { problems: ["not-found"] },
  ),
  allow("admin"),
  async (c) => {
    const row = await findAccount(c.var.db, c.req.param("name"));
    if (!row) return unknownAccount(c);
    if (row.nextCertificate === null)
      return problem(c, "not-found", "no certificate waits for a token: make one with POST");
    return c.json({ certificate: toPem("CERTIFICATE", derOf(row.nextCertificate)) });
  },
);

adeAccounts.post(
  "/:name/certificate",
  describeRoute(
    "Make a certificate for the next token",
    { 201: AdeCertificate },
    {
      problems: ["not-found"],
      detail:
        "To renew the token of an account, or when the last certificate went to the wrong place. The present token stays in use until the next is proven.",
    },
  ),
  allow("admin"),
  idempotent(),
  async (c) => {
    const name = c.req.param("name");
    if (!(await findAccount(c.var.db, name))) return unknownAccount(c);
    const certificate = await openServer(c.env, name).makeKeyPair();
    return certificate === undefined ? unknownAccount(c) : c.json({ certificate }, 201);
  },
);

adeAccounts.put(
  "/:name/token",
  describeRoute(
    "Upload the token file that Apple gives",
    { 200: AdeAccount },
    {
      problems: ["not-found", "invalid-request", ...appleProblems],
      detail:
        "The .p7m file as it is. It replaces the present token after Apple took it; of another server than before it is refused, unless `replace` is true.",
    },
  ),
  allow("admin"),
  query({
    replace: v.optional(
      v.pipe(
        v.boolean(),
        v.description("The account is for another server from now on: its devices are fetched again"),
      ),
      false,
    ),
  }),
  rawBody(anyType, { limitBytes: 64 * 1024 }),
  async (c) => {
    const name = c.req.param("name");
    if (!(await findAccount(c.var.db, name))) return unknownAccount(c);
    const { replace } = c.req.valid("query");
    const taken = await openServer(c.env, name).uploadFile(c.var.bytes, { replace });
    if (!taken.ok) return refusedToken(c, name, taken.refusal);
    const row = await findAccount(c.var.db, name);
    return row ? c.json(presentAccount(row)) : unknownAccount(c);
  },
);

const SyncOutcome = v.pipe(
  v.object({
    outcome: v.pipe(
      v.picklist(["done", "fresh", "running", "refused"]),
      v.description(
        "`fresh`: done a moment ago; `running`: it goes on by itself; `refused`: see the account's state",
      ),
    ),
    account: AdeAccount,
  }),
  v.title("AdeSyncOutcome"),
);

const mostWaitMs = 20_000;

adeAccounts.post(
  "/:name/sync",
  describeRoute(
    "Ask Apple now what changed",
    { 200: SyncOutcome },
    { problems: ["not-found", "conflict"], detail: "It happens by itself every half hour." },
  ),
  allow("operator"),
  async (c) => {
    const name = c.req.param("name");
    if (!(await findAccount(c.var.db, name))) return unknownAccount(c);
    const outcome = await openServer(c.env, name).syncNow(mostWaitMs);
    if (outcome === "no-token") return problem(c, "conflict", `the account ${name} has no token yet`);
    const row = await findAccount(c.var.db, name);
    return row ? c.json({ outcome, account: presentAccount(row) }) : unknownAccount(c);
  },
);

export const unknownAccount = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", `there is no ADE account ${c.req.param("name")}`);

const wrongBaseUrl = (c: Context<ApiEnv>, detail: string): Response =>
  invalid(c, [{ pointer: "/base_url", code: "base-url", detail }]);

const optionsFrom = (given: {
  base_url?: string | null | undefined;
  user_agent?: string | null | undefined;
  protocol_version?: number | null | undefined;
}) => ({
  baseUrl: given.base_url,
  userAgent: given.user_agent,
  protocolVersion: given.protocol_version,
});
