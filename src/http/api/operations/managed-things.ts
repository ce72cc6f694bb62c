import { Hono } from "hono";
import * as v from "valibot";
import { listManagedThings, type ManagedThingRow } from "../../../db/managed-things.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { managerForm } from "../route/managed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time } from "../route/times.ts";
import { query } from "../route/validate.ts";

const ManagedThing = v.pipe(
  v.object({
    path: v.pipe(v.string(), v.regex(/^\/api\//), v.description("The address, such as /api/v1/sets/office")),
    managed_by: v.string(),
    created_at: Time,
  }),
  v.title("ManagedThing"),
);

const managedBy = v.pipe(
  v.string(),
  v.regex(managerForm, "must be a name such as files/office"),
  v.description("Only what this program made"),
);

/** What programs made and look after, such as `edgemdm apply`. */
export const managedThings = new Hono<ApiEnv>();

managedThings.get(
  "/",
  describeRoute(
    "List what programs made, by address",
    { 200: pageOf(ManagedThing) },
    {
      detail:
        "A program that creates something says its name in the header Managed-By. What people made is not in the list.",
    },
  ),
  allow("viewer"),
  query({ managed_by: v.optional(managedBy), ...listQuery(ManagedThing, v.tuple([v.string()])) }),
  async (c) => {
    const { managed_by: by } = c.req.valid("query");
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listManagedThings(c.var.db, by, limit, after?.[0]),
      present,
      keyOf: ({ path }) => [path],
    });
  },
);

const present = ({
  path,
  managedBy: name,
  createdAt,
}: ManagedThingRow): v.InferInput<typeof ManagedThing> => ({
  path,
  managed_by: name,
  created_at: isoTime(createdAt),
});
