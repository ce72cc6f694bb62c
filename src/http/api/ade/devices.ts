import { type Context, Hono } from "hono";
import * as v from "valibot";
import { followRules, orderByHand } from "../../../apple-business/named-devices.ts";
import { findListed, listDevices } from "../../../db/ade-devices.ts";
import { findProfile } from "../../../db/ade-profiles.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { page, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, query } from "../route/validate.ts";
import { AdeDevice, Outcomes, presentDevice, presentOutcomes, serialNumbers } from "./device-json.ts";

/** Devices that Apple's portal gave to this server, enrolled or not. */
export const adeDevices = new Hono<ApiEnv>();

const exactly = (description: string) =>
  v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100), v.description(description)));

adeDevices.get(
  "/",
  describeRoute("List the devices of Apple's portal, by serial number", { 200: pageOf(AdeDevice) }),
  allow("viewer"),
  query({
    account: exactly("Of this account"),
    profile: exactly("Those that should have this ADE profile"),
    device_family: exactly("Such as iPhone or Mac, as Apple writes it"),
    profile_status: exactly("empty, assigned, pushed or removed"),
    order_number: exactly("Of this order, as an API account read it"),
    search: exactly("The beginning of the serial number"),
    enrolled: v.optional(v.pipe(v.boolean(), v.description("Whether it is enrolled here"))),
    migrating: v.optional(
      v.pipe(v.boolean(), v.description("Those that must move here by a deadline")),
      false,
    ),
    gone: v.optional(
      v.pipe(v.boolean(), v.description("Those that are this server's no more, instead of those that are")),
      false,
    ),
    ...pageQuery(v.tuple([v.string(), v.string()])),
  }),
  async (c) => {
    const { limit, cursor, search, device_family, profile_status, order_number, ...given } =
      c.req.valid("query");
    const filters = {
      ...given,
      serial: search,
      family: device_family,
      profileStatus: profile_status,
      order: order_number,
    };
    const rows = await listDevices(c.var.db, filters, limit + 1, cursor);
    return c.json(page(rows, limit, presentDevice, ({ serial, account }) => [serial, account]));
  },
);

adeDevices.get(
  "/:serial",
  describeRoute(
    "Read one device of Apple's portal, in every account that had it",
    { 200: v.object({ items: v.array(AdeDevice), next_cursor: v.null() }) },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  async (c) => {
    const rows = await findListed(c.var.db, c.req.param("serial"));
    if (rows.length === 0) return unknown(c);
    return c.json({ items: rows.map(presentDevice), next_cursor: null });
  },
);

const mostAtOnce = 1_000;
const mostDisowned = 25;

adeDevices.post(
  "/assign",
  describeRoute(
    "Give devices an ADE profile by hand",
    { 200: Outcomes },
    {
      problems: ["invalid-request"],
      detail:
        "Whatever the rules say. A device gets it at its next activation. What could not be done now is done later, by itself.",
    },
  ),
  allow("operator"),
  body(
    v.pipe(
      v.strictObject({ serial_numbers: serialNumbers(mostAtOnce), profile: v.string() }),
      v.title("AdeAssignment"),
    ),
  ),
  async (c) => {
    const { serial_numbers, profile } = c.req.valid("json");
    if (!(await findProfile(c.var.db, profile)))
      return invalid(c, [
        { pointer: "/profile", code: "unknown-profile", detail: `there is no ADE profile ${profile}` },
      ]);
    return c.json(presentOutcomes(await orderByHand(c.env, { what: "assign", profile }, serial_numbers)));
  },
);

const named = (most: number) => v.strictObject({ serial_numbers: serialNumbers(most) });

adeDevices.post(
  "/unassign",
  describeRoute(
    "Take the profile from devices",
    { 200: Outcomes },
    { detail: "No rule gives them another one until `follow-rules`. A device that has fetched it keeps it." },
  ),
  allow("operator"),
  body(v.pipe(named(mostAtOnce), v.title("AdeSerialNumbers"))),
  async (c) => {
    const { serial_numbers } = c.req.valid("json");
    return c.json(presentOutcomes(await orderByHand(c.env, { what: "unassign" }, serial_numbers)));
  },
);

adeDevices.post(
  "/follow-rules",
  describeRoute("Let the rules say again which profile devices get", {
    200: v.pipe(v.object({ devices: v.number() }), v.title("AdeFollowing")),
  }),
  allow("operator"),
  body(v.pipe(named(mostAtOnce), v.title("AdeSerialNumbers"))),
  async (c) => c.json({ devices: await followRules(c.env, c.req.valid("json").serial_numbers, Date.now()) }),
);

adeDevices.post(
  "/refresh",
  describeRoute("Ask Apple what it knows of devices now", { 200: Outcomes }),
  allow("operator"),
  body(v.pipe(named(mostAtOnce), v.title("AdeSerialNumbers"))),
  async (c) => {
    const { serial_numbers } = c.req.valid("json");
    return c.json(presentOutcomes(await orderByHand(c.env, { what: "refreshDevices" }, serial_numbers)));
  },
);

adeDevices.post(
  "/disown",
  describeRoute(
    "Let devices go from the organisation for ever",
    { 200: Outcomes },
    {
      problems: ["unconfirmed"],
      detail:
        "Apple cannot take it back: only a reseller or Apple Configurator can add such a device again. 25 at most. Repeat how many they are in `confirm`. The right `disown` will do. Apple's portal must allow it for the server.",
    },
  ),
  allow("admin", "disown"),
  body(
    v.pipe(
      v.strictObject({
        serial_numbers: serialNumbers(mostDisowned),
        confirm: v.optional(v.pipe(v.number(), v.description("How many serial numbers are named"))),
      }),
      v.title("AdeDisowning"),
    ),
  ),
  async (c) => {
    const { serial_numbers, confirm } = c.req.valid("json");
    const serials = [...new Set(serial_numbers)];
    if (confirm !== serials.length) {
      const detail = `${serials.length} devices would leave the organisation for ever; if it is meant so, say "confirm": ${serials.length}`;
      return problem(c, "unconfirmed", detail, { members: { targets: serials.length } });
    }
    return c.json(presentOutcomes(await orderByHand(c.env, { what: "disown" }, serials)));
  },
);

const unknown = (c: Context<ApiEnv>): Response =>
  problem(c, "not-found", `no account has or had a device ${c.req.param("serial")}`);
