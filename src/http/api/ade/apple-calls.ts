import { type Context, Hono } from "hono";
import * as v from "valibot";
import { openServer } from "../../../apple-business/object.ts";
import type { Asked } from "../../../apple-business/service.ts";
import { findAccount } from "../../../db/ade-accounts.ts";
import { lockActivation } from "../../../device/client/activation-lock.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid } from "../route/validate.ts";
import { AdeAccount, presentAccount } from "./account-json.ts";
import { unknownAccount } from "./accounts.ts";
import { appleProblems, refusedByApple } from "./refused.ts";

/** What Apple's service offers besides profiles and lists, each as one call with the account's session. */
export const adeAppleCalls = new Hono<ApiEnv>();

const problems = ["not-found", ...appleProblems] as const;

type Server = ReturnType<typeof openServer>;

/** Asks with the account of the address; `show` is the answer where Apple gave one. */
async function asked<Value>(
  c: Context<ApiEnv>,
  ask: (server: Server) => Promise<Asked<Value>>,
  show: (value: Value) => Response | Promise<Response>,
): Promise<Response> {
  const name = c.req.param("name") ?? "";
  if (!(await findAccount(c.var.db, name))) return unknownAccount(c);
  const answer = await ask(openServer(c.env, name));
  return answer.ok ? show(answer.value) : refusedByApple(c, name, answer.refusal);
}

adeAppleCalls.post(
  "/:name/refresh",
  describeRoute("Ask Apple again what it says of the account", { 200: AdeAccount }, { problems }),
  allow("operator"),
  (c) =>
    asked(
      c,
      (server) => server.refreshAccount(),
      async () => {
        const row = await findAccount(c.var.db, c.req.param("name"));
        return row ? c.json(presentAccount(row)) : unknownAccount(c);
      },
    ),
);

const BetaTokens = v.pipe(
  v.object({
    items: v.array(v.object({ os: v.string(), title: v.string(), token: v.string() })),
    next_cursor: v.null(),
  }),
  v.title("AdeBetaTokens"),
);

adeAppleCalls.get(
  "/:name/beta-tokens",
  describeRoute(
    "List the tokens that let devices have beta systems",
    { 200: BetaTokens },
    { problems, detail: "They go into the declaration com.apple.configuration.softwareupdate.settings." },
  ),
  allow("operator"),
  (c) =>
    asked(
      c,
      (server) => server.betaTokens(),
      (items) => c.json({ items, next_cursor: null }),
    ),
);

const DiscoveryAddress = v.pipe(
  v.object({
    url: v.pipe(v.string(), v.description("Where devices look whose account's domain answers nothing")),
    updated_at: v.nullable(v.string()),
  }),
  v.title("AdeDiscovery"),
);

adeAppleCalls.get(
  "/:name/discovery",
  describeRoute(
    "Read the address that Apple tells devices for account-driven enrollment",
    { 200: DiscoveryAddress },
    { problems },
  ),
  allow("viewer"),
  (c) =>
    asked(
      c,
      (server) => server.discovery(),
      (told) =>
        c.json({ url: told.mdm_service_discovery_url, updated_at: told.last_updated_timestamp ?? null }),
    ),
);

const NewDiscovery = v.pipe(
  v.strictObject({
    url: v.pipe(v.string(), v.maxLength(2_000), v.regex(/^https:\/\//, "must be an https address")),
  }),
  v.title("NewAdeDiscovery"),
);

adeAppleCalls.put(
  "/:name/discovery",
  describeRoute(
    "Set the address that Apple tells devices for account-driven enrollment",
    { 204: "Set" },
    {
      problems,
      detail: "This server's own is `/.well-known/com.apple.remotemanagement`. See docs/account-driven.md.",
    },
  ),
  allow("admin"),
  body(NewDiscovery),
  (c) =>
    asked(
      c,
      (server) => server.setDiscovery(c.req.valid("json").url),
      () => c.body(null, 204),
    ),
);

adeAppleCalls.delete(
  "/:name/discovery",
  describeRoute("Take that address away from Apple", { 204: "Gone" }, { problems }),
  allow("admin"),
  (c) =>
    asked(
      c,
      (server) => server.setDiscovery(null),
      () => c.body(null, 204),
    ),
);

const Replacement = v.pipe(
  v.object({
    serial_number: v.string(),
    original_serial_number: v.string(),
    replaced_at: v.nullable(v.string()),
  }),
  v.title("AdeReplacement"),
);

adeAppleCalls.get(
  "/:name/replacements/:serial",
  describeRoute("Read which device a device replaces", { 200: Replacement }, { problems }),
  allow("viewer"),
  (c) =>
    asked(
      c,
      (server) => server.replacement(c.req.param("serial")),
      (told) =>
        c.json({
          serial_number: told.serial_number,
          original_serial_number: told.original_device_serial_number,
          replaced_at: told.replacement_date ?? null,
        }),
    ),
);

const NewLock = v.pipe(
  v.strictObject({
    serial_number: v.pipe(v.string(), v.regex(/^[!-~]{1,64}$/)),
    escrow_key: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^[0-9a-fA-F]{64}$/, "must be 64 hexadecimal digits"),
        v.description(
          "The hash of a bypass code that you keep; without it, this server makes a code and keeps it in escrow as `activation-lock-server`",
        ),
      ),
    ),
    portal_user: v.optional(
      v.pipe(
        v.literal(true),
        v.description("No code at all: only the person who made the server in Apple's portal can unlock"),
      ),
    ),
    lost_message: v.optional(v.pipe(v.string(), v.maxLength(1_000))),
  }),
  v.title("NewActivationLock"),
);

const Lock = v.pipe(
  v.object({
    serial_number: v.string(),
    outcome: v.pipe(v.string(), v.description("Apple's word, such as SUCCESS or DEVICE_ALREADY_LOCKED")),
    escrowed: v.pipe(v.boolean(), v.description("A bypass code of this server unlocks it; it is in escrow")),
  }),
  v.title("ActivationLock"),
);

adeAppleCalls.post(
  "/:name/activation-locks",
  describeRoute("Lock the activation of a device to the organization", { 200: Lock }, { problems }),
  allow("admin"),
  body(NewLock),
  async (c) => {
    const { serial_number: serial, escrow_key, portal_user, lost_message } = c.req.valid("json");
    if (escrow_key !== undefined && portal_user)
      return invalid(c, [
        { pointer: "/portal_user", code: "conflict", detail: "escrow_key is given as well" },
      ]);
    const account = c.req.param("name");
    if (!(await findAccount(c.var.db, account))) return unknownAccount(c);
    const escrowKey = portal_user ? null : escrow_key;
    const order = { account, serial, lostMessage: lost_message, escrowKey };
    const answer = await lockActivation(c.env, order, Date.now());
    if (!answer.ok) return refusedByApple(c, account, answer.refusal);
    const { response_status: outcome, escrowed } = answer.value;
    return c.json({ serial_number: serial, outcome, escrowed });
  },
);
