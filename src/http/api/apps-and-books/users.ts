import { type Context, Hono } from "hono";
import * as v from "valibot";
import { findLocation } from "../../../db/content-locations.ts";
import { findUser, listUsers } from "../../../db/content-users.ts";
import { changeUser, invitationOf, removeUser } from "../../../licences/manage-users.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { page, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, params, query } from "../route/validate.ts";
import { clientUserId, presentUser, User, UserFacts } from "./licence-json.ts";
import { unknownLocation } from "./locations.ts";
import { refusedLocation } from "./refused.ts";

/** People who get licences: for books, for apps that Apple does not license to devices, and on their own devices. */
export const locationUsers = new Hono<ApiEnv>();

const path = params({ name: v.string(), user: clientUserId });

locationUsers.get(
  "/:name/users",
  describeRoute("List the users of a location", { 200: pageOf(User) }, { problems: ["not-found"] }),
  allow("viewer"),
  query(pageQuery(v.tuple([v.string()]))),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const { limit, cursor } = c.req.valid("query");
    const rows = await listUsers(c.var.db, row.name, limit + 1, cursor?.[0]);
    return c.json(page(rows, limit, presentUser, ({ clientUserId: id }) => [id]));
  },
);

locationUsers.get(
  "/:name/users/:user",
  describeRoute("Read one user of a location", { 200: User }, { problems: ["not-found"] }),
  allow("viewer"),
  path,
  async (c) => {
    const row = await findUser(c.var.db, c.req.param("name"), c.req.param("user"));
    return row ? c.json(presentUser(row)) : unknownUser(c);
  },
);

locationUsers.put(
  "/:name/users/:user",
  describeRoute(
    "Make or change a user of a location",
    { 202: User },
    { problems: ["not-found", "conflict"], detail: "Apple is told in the background." },
  ),
  allow("operator"),
  path,
  body(UserFacts),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const { email, managed_apple_id: managedAppleId } = c.req.valid("json");
    const user = { clientUserId: c.req.param("user"), email, managedAppleId };
    const changed = await changeUser(c.env, row, user, Date.now());
    if (!changed.ok) return refusedLocation(c, row.name, changed.refusal);
    return c.json(presentUser(changed.value), 202);
  },
);

locationUsers.delete(
  "/:name/users/:user",
  describeRoute(
    "Retire a user of a location",
    { 202: User },
    {
      problems: ["not-found", "conflict"],
      detail: "Apple takes back the user's licences for apps; books stay. It is told in the background.",
    },
  ),
  allow("operator"),
  path,
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const known = await findUser(c.var.db, row.name, c.req.param("user"));
    if (!known) return unknownUser(c);
    const changed = await removeUser(c.env, row, known, Date.now());
    if (!changed.ok) return refusedLocation(c, row.name, changed.refusal);
    return c.json(presentUser(changed.value), 202);
  },
);

const Invitation = v.pipe(
  v.object({ url: v.pipe(v.string(), v.description("For the user alone: who opens it first, is the user")) }),
  v.title("ContentInvitation"),
);

locationUsers.post(
  "/:name/users/:user/invitation",
  describeRoute(
    "Read the link by which a user accepts",
    { 200: Invitation },
    {
      problems: ["not-found", "conflict", "apple-refused", "apple-unavailable"],
      detail: "For a user without a Managed Apple Account. It lasts until the user accepted.",
    },
  ),
  allow("operator"),
  path,
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const link = await invitationOf(c.env, row, c.req.param("user"));
    if (!link.ok) return refusedLocation(c, row.name, link.refusal);
    return link.value === undefined
      ? problem(
          c,
          "conflict",
          "Apple has no invitation for this user: it does not know the user yet, or the user accepted",
        )
      : c.json({ url: link.value });
  },
);

const unknownUser = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", `${c.req.param("name")} has no user ${c.req.param("user")}`);
