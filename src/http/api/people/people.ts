import { type Context, Hono } from "hono";
import * as v from "valibot";
import { type DevicePlace, isPlaceIn, listDevices } from "../../../db/device-list.ts";
import { findPerson, listPeople, searchPeople } from "../../../db/people.ts";
import { createPerson, forgetPerson, type PersonRefusal, updatePerson } from "../../../people/save-person.ts";
import { Device, presentDevice } from "../devices/device-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, page, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid, params, query } from "../route/validate.ts";
import { NewPerson, Person, PersonChange, presentPerson } from "./person-json.ts";

/**
 * People whom devices belong to. Helpdesk and above read them: a viewer sees a device's `person_id` and no word about the
 * person. Addresses are in queries and bodies only, and ids in paths, because paths are in the audit log.
 */
const byName = v.tuple([v.string(), v.string()]);
const devicePlace = v.tupleWithRest([v.string()], v.union([v.string(), v.number()]));
const personId = { id: v.pipe(v.string(), v.maxLength(64)) };

export const people = new Hono<ApiEnv>();

people.get(
  "/",
  describeRoute("List people by name", { 200: pageOf(Person) }),
  allow("helpdesk"),
  query({
    ...listQuery(Person, byName),
    email: v.optional(v.pipe(v.string(), v.minLength(1), v.description("The whole address"))),
    department: v.optional(v.pipe(v.string(), v.minLength(1), v.description("The whole name"))),
    search: v.optional(
      v.pipe(
        v.string(),
        v.minLength(1),
        v.maxLength(100),
        v.description(
          "A part of the name, the address or the account. A page may have fewer items than `limit`, and more after it",
        ),
      ),
    ),
  }),
  async (c) => {
    const { email, department, search, ...asked } = c.req.valid("query");
    return listed(c, asked, {
      read: (limit, after) =>
        search === undefined
          ? listPeople(c.var.db, { email, department }, limit, after)
          : searchPeople(c.var.db, { search, email, department }, limit, after),
      present: presentPerson,
      keyOf: ({ nameKey, id }) => [nameKey, id] as [string, string],
    });
  },
);

people.post(
  "/",
  describeRoute(
    "Add a person",
    { 201: Person },
    {
      problems: ["conflict"],
      detail:
        "A sign-in that enrolls a device adds the person by itself, or finds the one with its account or address.",
    },
  ),
  allow("operator"),
  body(NewPerson),
  idempotent(),
  async (c) => {
    const { account = null, email = null, name = null, department = null } = c.req.valid("json");
    const created = await createPerson(c.env, { account, email, name, department }, Date.now());
    if (!created.ok) return refused(c, "", created.refusal);
    const { id } = created.value;
    return c.json(presentPerson(created.value), 201, { Location: `/api/v1/people/${id}` });
  },
);

people.get(
  "/:id",
  describeRoute("Read one person", { 200: Person }, { problems: ["not-found"] }),
  allow("helpdesk"),
  params(personId),
  async (c) => {
    const { id } = c.req.valid("param");
    const row = await findPerson(c.var.db, id);
    return row ? c.json(presentPerson(row)) : unknown(c, id);
  },
);

people.patch(
  "/:id",
  describeRoute(
    "Change what is known of a person",
    { 200: Person },
    {
      problems: ["not-found", "conflict"],
      detail:
        "The person's devices are filled in again, and sets whose filter reads it follow. What a provider tells at the next sign-in replaces it.",
    },
  ),
  allow("operator"),
  params(personId),
  body(PersonChange),
  async (c) => {
    const { id } = c.req.valid("param");
    const changed = await updatePerson(c.env, id, c.req.valid("json"), Date.now());
    return changed.ok ? c.json(presentPerson(changed.value)) : refused(c, id, changed.refusal);
  },
);

people.delete(
  "/:id",
  describeRoute(
    "Erase a person",
    { 204: "Erased" },
    {
      problems: ["not-found"],
      detail:
        "What is known of the person is deleted, the person's sessions end, and the devices belong to nobody. A device that a sign-in enrolled keeps the account of its enrollment until it is deleted.",
    },
  ),
  allow("admin"),
  params(personId),
  async (c) => {
    const { id } = c.req.valid("param");
    return (await forgetPerson(c.env, id, Date.now())) ? c.body(null, 204) : unknown(c, id);
  },
);

people.get(
  "/:id/devices",
  describeRoute("List the devices of a person", { 200: pageOf(Device) }, { problems: ["not-found"] }),
  allow("helpdesk"),
  params(personId),
  query(pageQuery(devicePlace)),
  async (c) => {
    const { id } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    if (!(await findPerson(c.var.db, id))) return unknown(c, id);
    const filters = { person: id };
    const after = cursor as DevicePlace | undefined;
    if (after && !isPlaceIn(filters, after)) return invalid(c, [foreignCursor]);
    const { rows, stoppedAt } = await listDevices(c.var.db, filters, limit + 1, after);
    return c.json(
      page(
        rows,
        limit,
        ({ row }) => presentDevice(row),
        ({ place }) => place,
        stoppedAt,
      ),
    );
  },
);

const unknown = (c: Context, id: string): Response => problem(c, "not-found", `no person has the id ${id}`);

function refused(c: Context, id: string, refusal: PersonRefusal): Response {
  if (refusal.reason === "unknown") return unknown(c, id);
  if (refusal.reason === "nameless") return invalid(c, [nameless]);
  return problem(c, "conflict", `another person has this ${refusal.fields.join(" or ")}`);
}

const nameless = { pointer: "", code: "check", detail: "needs an account or an email" };

const foreignCursor = {
  pointer: "/cursor",
  code: "cursor",
  detail: "belongs to another list; start again without one",
  in: "query" as const,
};
