import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { LicenceHolder } from "../../../apps-and-books/assignment.ts";
import { listAssets } from "../../../db/content-assets.ts";
import { findLocation } from "../../../db/content-locations.ts";
import { listOrders } from "../../../db/licence-orders.ts";
import { listLicences } from "../../../db/licences.ts";
import { usualCountry } from "../../../db/store-items.ts";
import { giveUpAll, giveUpFor, type LicenceWish as Wish, wantFor } from "../../../licences/ask.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { page, pageOf, pageQuery } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, query } from "../route/validate.ts";
import {
  Asset,
  HoldersLeaving,
  Licence,
  LicenceWish,
  Order,
  presentAsset,
  presentLicence,
  presentOrder,
} from "./licence-json.ts";
import { unknownLocation } from "./locations.ts";
import { refusedWish } from "./refused.ts";

/** What a location has, who has it, and what was ordered at Apple. */
export const locationLicences = new Hono<ApiEnv>();

locationLicences.get(
  "/:name/assets",
  describeRoute("List the apps and books of a location", { 200: pageOf(Asset) }, { problems: ["not-found"] }),
  allow("viewer"),
  query(pageQuery(v.tuple([v.string(), v.string()]))),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const { limit, cursor } = c.req.valid("query");
    const rows = await listAssets(c.var.db, row.name, row.country ?? usualCountry, limit + 1, cursor);
    return c.json(page(rows, limit, presentAsset, ({ asset }) => [asset.adamId, asset.pricing]));
  },
);

const exactly = (description: string) =>
  v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100), v.description(description)));

locationLicences.get(
  "/:name/licences",
  describeRoute(
    "List the licences of a location, with what is ordered",
    { 200: pageOf(Licence) },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  query({
    adam_id: exactly("Of this app or book"),
    serial_number: exactly("Of this device"),
    client_user_id: exactly("Of this user"),
    ...pageQuery(v.tuple([v.string(), v.string(), v.string(), v.string()])),
  }),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const { limit, cursor, adam_id: adamId, serial_number, client_user_id } = c.req.valid("query");
    const holder =
      serial_number !== undefined
        ? ({ kind: "device", id: serial_number } as const)
        : client_user_id !== undefined
          ? ({ kind: "user", id: client_user_id } as const)
          : undefined;
    const rows = await listLicences(c.var.db, row.name, { adamId, holder }, limit + 1, cursor);
    return c.json(
      page(rows, limit, presentLicence, ({ adamId: id, pricing, holderKind, holder: whose }) => [
        id,
        pricing,
        holderKind,
        whose,
      ]),
    );
  },
);

const Wished = v.pipe(
  v.object({ licences: v.pipe(v.number(), v.integer(), v.description("How many the wish is about")) }),
  v.title("LicencesWished"),
);

locationLicences.post(
  "/:name/licences",
  describeRoute(
    "Give licences to devices or users",
    { 202: Wished },
    {
      problems: ["not-found", "invalid-request", "conflict"],
      detail:
        "Every asset goes to every device and user that is named. It is ordered at Apple in the background; what came of each is in the list. May be repeated.",
    },
  ),
  allow("operator"),
  body(LicenceWish),
  (c) => wished(c, wantFor, c.req.valid("json")),
);

locationLicences.post(
  "/:name/licences/free",
  describeRoute(
    "Take licences back from devices or users",
    { 202: Wished },
    {
      problems: ["not-found", "invalid-request", "conflict"],
      detail:
        "An app that is installed works on for up to 30 days: remove it first. It is ordered at Apple in the background. May be repeated.",
    },
  ),
  allow("operator"),
  body(LicenceWish),
  (c) => wished(c, giveUpFor, c.req.valid("json")),
);

locationLicences.post(
  "/:name/licences/free-all",
  describeRoute(
    "Take back all licences of devices or users that leave",
    { 204: "Written down" },
    {
      problems: ["not-found", "invalid-request", "conflict"],
      detail:
        "All that Apple takes back, also what was assigned elsewhere: for a device that was erased or sold, or a person who left. It is ordered at Apple in the background.",
    },
  ),
  allow("operator"),
  body(HoldersLeaving),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const holders = holdersOf(c.req.valid("json"));
    const freed = await giveUpAll(c.env, row, holders, c.var.caller.tokenId, Date.now());
    return freed.ok ? c.body(null, 204) : refusedWish(c, freed.refusal);
  },
);

async function wished(
  c: Context<ApiEnv>,
  ask: typeof wantFor,
  given: v.InferOutput<typeof LicenceWish>,
): Promise<Response> {
  const row = await findLocation(c.var.db, c.req.param("name") ?? "");
  if (!row) return unknownLocation(c);
  const asked = await ask(c.env, row, wishOf(given), c.var.caller.tokenId, Date.now());
  return asked.ok ? c.json({ licences: asked.value }, 202) : refusedWish(c, asked.refusal);
}

const wishOf = ({ assets, serial_numbers, client_user_ids }: v.InferOutput<typeof LicenceWish>): Wish => ({
  assets: assets.map(({ adam_id: adamId, pricing }) => ({ adamId, pricing })),
  holders: holdersOf({ serial_numbers, client_user_ids }),
});

const holdersOf = ({
  serial_numbers,
  client_user_ids,
}: v.InferOutput<typeof HoldersLeaving>): LicenceHolder[] => [
  ...[...new Set(serial_numbers)].map((id) => ({ kind: "device" as const, id })),
  ...[...new Set(client_user_ids)].map((id) => ({ kind: "user" as const, id })),
];

locationLicences.get(
  "/:name/orders",
  describeRoute(
    "List what was ordered at Apple, the newest first",
    { 200: pageOf(Order) },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  query(pageQuery(v.tuple([v.number(), v.string()]))),
  async (c) => {
    const row = await findLocation(c.var.db, c.req.param("name"));
    if (!row) return unknownLocation(c);
    const { limit, cursor } = c.req.valid("query");
    const rows = await listOrders(c.var.db, row.name, limit + 1, cursor);
    return c.json(page(rows, limit, presentOrder, ({ sentAt, id }) => [sentAt, id]));
  },
);
