import { type Context, Hono } from "hono";
import * as v from "valibot";
import { rights, roles } from "../../../admin/roles.ts";
import {
  mostRules,
  readAdministrators,
  removeAdministrators,
  storeAdministrators,
} from "../../../admin/sign-in/administrators.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body } from "../route/validate.ts";
import {
  accessApplication,
  checked,
  clientAnswer,
  domain,
  oidcClient,
  present,
  secretGiven,
  sessionHours,
} from "./client-json.ts";

const what = {
  role: v.picklist(roles),
  rights: v.optional(v.pipe(v.array(v.picklist(rights)), v.description("In addition to the role")), []),
};

const Rule = v.pipe(
  v.union(
    [
      v.strictObject({
        email: v.pipe(v.string(), v.trim(), v.email("must be an address"), v.maxLength(255)),
        ...what,
      }),
      v.strictObject({ email_domain: domain, ...what }),
      v.strictObject({ group: v.pipe(v.string(), v.minLength(1), v.maxLength(255)), ...what }),
    ],
    "must have one of email, email_domain and group, and a role",
  ),
  v.description("Whom it fits: one address, all of a domain, or the members of a group by its name or id"),
);

const mapping = {
  groups_claim: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\w.:/-]{1,100}$/, "must be the name of a claim"),
      v.description(
        "The claim that lists the person's groups; dots lead into objects, such as `custom.groups`",
      ),
    ),
    "groups",
  ),
  require_verified_email: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "Whether an address counts only if the provider calls it verified; false is for a provider that says nothing of it and keeps the addresses itself",
      ),
    ),
    true,
  ),
  session_hours: sessionHours,
  rules: v.pipe(
    v.array(Rule),
    v.minLength(1, "must have a rule: without one nobody could sign in"),
    v.maxLength(mostRules),
    v.description("Of all rules that fit a person the greatest role counts, and the rights of all"),
  ),
};

const AdministratorsBody = v.pipe(
  v.variant("kind", [
    v.pipe(
      v.strictObject({ ...oidcClient, ...mapping, client_secret: secretGiven }),
      v.title("NewAdministratorsByOidc"),
    ),
    v.pipe(
      v.strictObject({ ...accessApplication("/api/v1 and /sign-in/admin"), ...mapping }),
      v.title("NewAdministratorsByAccess"),
    ),
  ]),
  v.title("NewAdministratorSignIn"),
);

const AdministratorsAnswer = v.pipe(
  v.object({
    ...clientAnswer,
    groups_claim: v.string(),
    require_verified_email: v.boolean(),
    session_hours: v.number(),
    rules: v.array(
      v.object({
        email: v.optional(v.string()),
        email_domain: v.optional(v.string()),
        group: v.optional(v.string()),
        role: v.picklist(roles),
        rights: v.array(v.picklist(rights)),
      }),
    ),
  }),
  v.title("AdministratorSignIn"),
);

export const signInAdministrators = new Hono<ApiEnv>();

signInAdministrators.get(
  "/",
  describeRoute(
    "Read how administrators sign in, and what each of them may do",
    { 200: AdministratorsAnswer },
    { problems: ["not-found"] },
  ),
  allow("admin"),
  async (c) => {
    const known = await readAdministrators(c.env);
    return known ? c.json(present(c, known)) : none(c);
  },
);

signInAdministrators.put(
  "/",
  describeRoute(
    "Set how administrators sign in: by an OpenID Connect provider, or Cloudflare Access",
    { 200: AdministratorsAnswer },
    {
      detail:
        "The provider is asked for its discovery document first. All administrators who are signed in must sign in again. API tokens stay as they are.",
    },
  ),
  allow("admin"),
  body(AdministratorsBody),
  async (c) => {
    const { client_secret: newSecret, ...provider } = { client_secret: undefined, ...c.req.valid("json") };
    const known = await checked(c, provider, newSecret, await readAdministrators(c.env));
    if (known instanceof Response) return known;
    await storeAdministrators(c.env, known, Date.now());
    return c.json(present(c, known));
  },
);

signInAdministrators.delete(
  "/",
  describeRoute(
    "Let administrators in by API tokens alone",
    { 204: "Removed" },
    { detail: "All administrators who are signed in are signed out.", problems: ["not-found"] },
  ),
  allow("admin"),
  async (c) => ((await removeAdministrators(c.env, Date.now())) ? c.body(null, 204) : none(c)),
);

const none = (c: Context): Response =>
  problem(c, "not-found", "no provider is set for administrators: they use API tokens");
