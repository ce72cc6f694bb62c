import { Hono } from "hono";
import { openServer } from "../../../apple-business/object.ts";
import { type AdeAccountRow, findAccount, putRules } from "../../../db/ade-accounts.ts";
import { existingProfiles } from "../../../db/ade-profiles.ts";
import { listPortalAccounts } from "../../../db/portal-accounts.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid } from "../route/validate.ts";
import { unknownAccount } from "./accounts.ts";
import { Rules } from "./rules-json.ts";

/** Which ADE profile the devices of an account get. */
export const adeRules = new Hono<ApiEnv>();

adeRules.get(
  "/:name/rules",
  describeRoute("Read the rules of an account", { 200: Rules }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findAccount(c.var.db, c.req.param("name"));
    return row ? c.json(present(row)) : unknownAccount(c);
  },
);

adeRules.put(
  "/:name/rules",
  describeRoute(
    "Set which profile the devices of an account get",
    { 200: Rules },
    {
      problems: ["not-found", "invalid-request"],
      detail:
        "A rule fits a device that meets all of its conditions; one without any fits every device. What was given by hand stays. Devices are looked at in pages: it takes a while until all have what they should.",
    },
  ),
  allow("operator"),
  body(Rules),
  async (c) => {
    const { rules, default_profile } = c.req.valid("json");
    const wanted = rules.map(({ profile }, at) => ({ pointer: `/rules/${at}/profile`, name: profile }));
    if (default_profile !== null) wanted.push({ pointer: "/default_profile", name: default_profile });
    if (rules.some(({ order_numbers }) => order_numbers) && (await listPortalAccounts(c.var.db)).length === 0)
      return invalid(c, [noApiAccount(rules.findIndex(({ order_numbers }) => order_numbers))]);
    const known = await existingProfiles(
      c.var.db,
      wanted.map(({ name }) => name),
    );
    const errors = wanted
      .filter(({ name }) => !known.has(name))
      .map(({ pointer, name }) => ({
        pointer,
        code: "unknown-profile",
        detail: `there is no ADE profile ${name}`,
      }));
    if (errors.length > 0) return invalid(c, errors);
    const row = await putRules(c.var.db, c.req.param("name"), rules, default_profile, Date.now());
    if (!row) return unknownAccount(c);
    await openServer(c.env, row.name).wake(true);
    return c.json(present(row));
  },
);

/** Such a rule would never fit. */
const noApiAccount = (at: number) => ({
  pointer: `/rules/${at}/order_numbers`,
  code: "no-api-account",
  detail: "nothing tells order numbers here: make an API account first (/api/v1/ade/api-accounts)",
});

const present = ({ rules, defaultProfile }: AdeAccountRow) => ({ rules, default_profile: defaultProfile });
