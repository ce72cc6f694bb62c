import { type Context, Hono } from "hono";
import * as v from "valibot";
import { findLocation, listLocations } from "../../../db/content-locations.ts";
import {
  createLocation,
  readAgain,
  removeLocation,
  replaceToken,
  takeOver,
} from "../../../licences/manage-locations.ts";
import { publicOrigin } from "../../origin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import { repeatsName, unlessRepeated } from "../route/repeated-name.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, query } from "../route/validate.ts";
import { Location, NewLocation, NewLocationToken, presentLocation, takeOverQuery } from "./location-json.ts";
import { refusedLocation } from "./refused.ts";

/** Locations of Apps and Books, each with its content token. */
export const locations = new Hono<ApiEnv>();

const appleProblems = ["apple-refused", "apple-unavailable", "conflict"] as const;

locations.get(
  "/",
  describeRoute("List the locations of Apps and Books, by name", {
    200: v.object({ items: v.array(Location), next_cursor: v.null() }),
  }),
  allow("viewer"),
  async (c) => c.json({ items: (await listLocations(c.var.db)).map(presentLocation), next_cursor: null }),
);

locations.post(
  "/",
  describeRoute(
    "Store a location of Apps and Books with its content token",
    { 201: Location },
    {
      problems: ["invalid-request", ...appleProblems],
      detail:
        "Apple is asked with the token first. A location that another server manages is refused, unless `take_over` is true. See docs/apps.md.",
    },
  ),
  allow("admin"),
  query(takeOverQuery),
  body(NewLocation),
  idempotent(),
  async (c) => {
    const { name, token, base_url: baseUrl } = c.req.valid("json");
    const options = { baseUrl, takeOver: c.req.valid("query").take_over };
    const by = c.var.caller.tokenId;
    const made = await createLocation(c.env, publicOrigin(c), name, token, options, by, Date.now());
    if (!made.ok) return refusedLocation(c, name, made.refusal);
    const Location = `/api/v1/apps-and-books/locations/${name}`;
    return c.json(presentLocation(made.value), 201, { Location });
  },
);

locations.get(
  "/:name",
  describeRoute("Read one location", { 200: Location }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    return row ? c.json(presentLocation(row)) : unknownLocation(c);
  },
);

locations.put(
  "/:name/token",
  describeRoute(
    "Renew the content token of a location",
    { 200: Location },
    {
      problems: ["not-found", "invalid-request", ...appleProblems],
      detail: "It replaces the present token after Apple took it; of another library it is refused.",
    },
  ),
  allow("admin"),
  body(NewLocationToken),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const { token } = c.req.valid("json");
    const changed = await replaceToken(c.env, publicOrigin(c), row, token, Date.now());
    return changed.ok
      ? c.json(presentLocation(changed.value))
      : refusedLocation(c, row.name, changed.refusal);
  },
);

locations.post(
  "/:name/take-over",
  describeRoute(
    "Manage a location that another server manages",
    { 200: Location },
    {
      problems: ["not-found", "unconfirmed", ...appleProblems],
      detail:
        "Apple writes down this server instead. If the other one does not stop, both take licences from each other: remove the token there first. Repeat the name in `confirm`.",
    },
  ),
  allow("admin"),
  repeatsName,
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const manager = row.rival ? `${row.rival.name} (${row.rival.metadata})` : "this server";
    const unconfirmed = unlessRepeated(c, c.req.valid("query"), row.name, `${manager} manages it now`);
    if (unconfirmed) return unconfirmed;
    const taken = await takeOver(c.env, publicOrigin(c), row, Date.now());
    return taken.ok ? c.json(presentLocation(taken.value)) : refusedLocation(c, row.name, taken.refusal);
  },
);

locations.post(
  "/:name/sync",
  describeRoute(
    "Read now what the location has",
    { 202: Location },
    { problems: ["not-found"], detail: "It happens by itself; it goes on in the background." },
  ),
  allow("operator"),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    await readAgain(c.env, row.name);
    return c.json(presentLocation(row), 202);
  },
);

locations.delete(
  "/:name",
  describeRoute(
    "Delete a location with its token",
    { 204: "Deleted" },
    {
      problems: ["not-found", "unconfirmed"],
      detail: "Nothing changes at Apple: who has a licence keeps it. Repeat the name in `confirm`.",
    },
  ),
  allow("admin"),
  repeatsName,
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const what = "its licences would not be given or taken back by this server any more";
    const unconfirmed = unlessRepeated(c, c.req.valid("query"), row.name, what);
    if (unconfirmed) return unconfirmed;
    await removeLocation(c.env, row.name);
    return c.body(null, 204);
  },
);

export const unknownLocation = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", `there is no location ${c.req.param("name")}`);
