import { Hono } from "hono";
import * as v from "valibot";
import { includesRole } from "../../../admin/roles.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import { findListed as findProvisionedIn } from "../../../db/ade-devices.ts";
import { deviceChanged } from "../../../db/assignment-changes.ts";
import { definitionsOf } from "../../../db/attributes.ts";
import {
  countDevices,
  type DevicePlace,
  isPlaceIn,
  listDevices,
  sortDevices,
} from "../../../db/device-list.ts";
import { type DeviceOrder, deviceOrders } from "../../../db/device-orders.ts";
import { editDevice, findDevice } from "../../../db/devices.ts";
import type { Db } from "../../../db/open.ts";
import { findPerson } from "../../../db/people.ts";
import { findPortalDevices } from "../../../db/portal-devices.ts";
import { checkValue, type GivenValue, longestText } from "../../../library/attribute-values.ts";
import { startAssigning } from "../../../library/start-assigning.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { countQuery, page, pageOf, pageQuery } from "../route/pages.ts";
import { pointerPart } from "../route/pointer.ts";
import { printable } from "../route/printable.ts";
import { problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, query } from "../route/validate.ts";
import { DeviceDetail, presentDetail } from "./device-detail-json.ts";
import { Device, noDevice, presentDevice } from "./device-json.ts";
import { deviceFilters, filtersFrom } from "./device-query.ts";

const place = v.tupleWithRest([v.string()], v.union([v.string(), v.number()]));

const label = (longest: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(longest), v.regex(printable, "must be printable"));

const DeviceChange = v.pipe(
  v.strictObject({
    notes: v.optional(v.pipe(v.string(), v.maxLength(10_000))),
    tags: v.optional(
      v.pipe(v.array(label(64)), v.maxLength(50), v.description("All tags; they replace the earlier ones")),
    ),
    attributes: v.optional(
      v.pipe(
        v.record(
          label(64),
          v.nullable(v.union([v.pipe(v.string(), v.maxLength(longestText)), v.number(), v.boolean()])),
        ),
        v.check((attributes) => Object.keys(attributes).length <= 50, "has more than 50 names"),
        v.description(
          "Added to the existing ones; null removes one. A defined attribute (`/attributes`) must be as it is defined",
        ),
      ),
    ),
    person_id: v.optional(
      v.nullable(
        v.pipe(v.string(), v.uuid(), v.description("The person that it belongs to; null: to nobody")),
      ),
    ),
    held_back: v.optional(
      v.pipe(
        v.literal(false),
        v.description("Apply what was given to an earlier enrollment to this one too"),
      ),
    ),
  }),
  v.title("DeviceChange"),
);

type Orders = keyof typeof deviceOrders;
const orders = Object.keys(deviceOrders) as Orders[];

const sort = v.optional(
  v.pipe(
    v.picklist(orders.flatMap((name): (Orders | `-${Orders}`)[] => [name, `-${name}`])),
    v.description(
      "By one of these, with - before it from the highest down; what a device has not said comes as the least. A long list that is narrowed little by its filters has pages that are short",
    ),
  ),
);

const orderOf = (sort: Orders | `-${Orders}`): DeviceOrder =>
  sort.startsWith("-")
    ? { by: sort.slice(1) as Orders, falling: true }
    : { by: sort as Orders, falling: false };

export const devices = new Hono<ApiEnv>();

devices.get(
  "/",
  describeRoute(
    "List the devices that match all given filters",
    { 200: pageOf(Device) },
    {
      problems: ["forbidden"],
      detail:
        "Without `sort`, the most selective filter decides the order: serial, user, person, search, tag, failed, app, set, attribute, department, state (unless enrolled), facts with an unusual value, OS version, time seen, time of the inventory, kind, platform, other facts, state. OS versions, times and words are in rising order, everything else is ordered by id. A page reads a limited number of devices. So with several filters it can be short or empty and still have a next_cursor.",
    },
  ),
  allow("viewer"),
  query({ ...deviceFilters, ...pageQuery(place), ...countQuery, sort }),
  async (c) => {
    const { limit, cursor, count, sort, ...given } = c.req.valid("query");
    const asksForPeople = given.user_email !== undefined || given.user_department !== undefined;
    if (asksForPeople && !includesRole(c.var.caller.role, "helpdesk"))
      return problem(c, "forbidden", "user_email and user_department need the role helpdesk");
    const filters = filtersFrom(given);
    const order = sort === undefined ? undefined : orderOf(sort);
    const after = cursor as DevicePlace | undefined;
    if (after && !isPlaceIn(filters, after, order)) return invalid(c, [foreignCursor]);
    const { db } = c.var;
    const [{ rows, stoppedAt }, counted] = await Promise.all([
      order ? sortDevices(db, filters, order, limit + 1, after) : listDevices(db, filters, limit + 1, after),
      count ? countDevices(db, filters) : undefined,
    ]);
    return c.json({
      ...page(
        rows,
        limit,
        ({ row }) => presentDevice(row),
        ({ place }) => place,
        stoppedAt,
      ),
      ...(counted && { count: { items: counted.count, complete: counted.isAll } }),
    });
  },
);

devices.get(
  "/:id",
  describeRoute(
    "Read one device",
    { 200: DeviceDetail },
    {
      problems: ["not-found"],
      detail:
        "Values that come from the device's object are up to date; the others come from the directory and can be a little late.",
    },
  ),
  allow("viewer"),
  async (c) => {
    const id = c.req.param("id");
    const [row, exact] = await Promise.all([findDevice(c.var.db, id), c.env.DEVICE.getByName(id).describe()]);
    const serial = exact?.facts.SerialNumber ?? row?.serial ?? undefined;
    const [provisioned, purchases] =
      serial === undefined
        ? []
        : await Promise.all([findProvisionedIn(c.var.db, serial), findPortalDevices(c.var.db, serial)]);
    const detail = presentDetail(id, row, exact, { provisioned, purchase: purchases?.[0] });
    return detail ? c.json(detail) : problem(c, "not-found", noDevice(id));
  },
);

devices.patch(
  "/:id",
  describeRoute(
    "Change what administrators set for a device",
    { 200: DeviceDetail },
    { problems: ["not-found"] },
  ),
  allow("operator"),
  body(DeviceChange),
  async (c) => {
    const id = c.req.param("id");
    const exact = await c.env.DEVICE.getByName(id).describe();
    if (exact === undefined && !(await findDevice(c.var.db, id)))
      return problem(c, "not-found", noDevice(id));
    const { held_back: heldBack, person_id: personId, attributes: given, ...written } = c.req.valid("json");
    const attributes = given && (await checkAttributes(c.var.db, given));
    if (attributes?.ok === false) return invalid(c, attributes.refusal);
    if (personId && !(await findPerson(c.var.db, personId))) return invalid(c, [noSuchPerson(personId)]);
    const edit = { ...written, attributes: attributes?.value, personId, heldBack };
    const now = Date.now();
    // Variables take their values from attributes and the person, and sets follow both and tags.
    const concerns = [edit.tags, edit.attributes, personId, heldBack].some((given) => given !== undefined);
    await editDevice(c.var.db, id, edit, now, concerns ? [deviceChanged(c.var.db, id, { now })] : []);
    if (concerns) await startAssigning(c.env);
    return c.json(presentDetail(id, await findDevice(c.var.db, id), exact));
  },
);

devices.delete(
  "/:id",
  describeRoute(
    "Delete a device",
    { 204: "Forgotten" },
    {
      problems: ["not-found", "conflict"],
      detail:
        "Its escrowed secrets are archived first and can still be read. Its queue, results, tags and notes are deleted; its events and the headers of its commands stay until they are too old.",
    },
  ),
  allow("operator"),
  query({
    force: v.optional(
      v.pipe(
        v.boolean(),
        v.description(
          "true: also an enrolled device, which then keeps its profile but is not managed any more (admin)",
        ),
      ),
      false,
    ),
  }),
  async (c) => {
    const id = c.req.param("id");
    const { force } = c.req.valid("query");
    if (force && !includesRole(c.var.caller.role, "admin")) {
      return problem(c, "forbidden", "force needs the role admin; without it, unenroll the device first");
    }
    const object = c.env.DEVICE.getByName(id);
    const exact = await object.describe();
    if (exact === undefined && !(await findDevice(c.var.db, id)))
      return problem(c, "not-found", noDevice(id));
    if (exact?.state === "enrolled" && !force) {
      return problem(c, "conflict", "the device is enrolled; unenroll it first, or repeat with ?force=true");
    }
    await object.forget();
    return c.body(null, 204);
  },
);

/** As they are kept: each value in its one spelling. */
async function checkAttributes(
  db: Db,
  given: Readonly<Record<string, GivenValue | null>>,
): Promise<Result<Record<string, string | null>, RequestError[]>> {
  const names = Object.keys(given);
  const definitions = new Map((await definitionsOf(db, names)).map((row) => [row.name, row]));
  const errors: RequestError[] = [];
  const checked: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(given)) {
    const found = value === null ? { value } : checkValue(definitions.get(name), value);
    if ("trouble" in found)
      errors.push({ pointer: `/attributes/${pointerPart(name)}`, code: "value", detail: found.trouble });
    else checked[name] = found.value;
  }
  return errors.length > 0 ? refuse(errors) : ok(checked);
}

const noSuchPerson = (id: string) => ({
  pointer: "/person_id",
  code: "unknown",
  detail: `no person has the id ${id}`,
});

const foreignCursor = {
  pointer: "/cursor",
  code: "cursor",
  detail: "belongs to a list with other filters; start again without one",
  in: "query" as const,
};
