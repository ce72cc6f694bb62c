import { type Context, Hono } from "hono";
import * as v from "valibot";
import { findAppsOfDevice } from "../../../db/app-states.ts";
import type { ValuesAsOf } from "../../../device/results/inventory-rpc.ts";
import { type ListName, listNames } from "../../../mdm/inventory/inventory-facts.ts";
import { Command, commandProblems, presentCommand } from "../commands/command-json.ts";
import { channelQuery } from "../commands/device-commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull } from "../route/times.ts";
import { query } from "../route/validate.ts";
import { noDevice } from "./device-json.ts";
import { Inventory, listHead, listItems } from "./inventory-json.ts";

const Asked = v.pipe(
  v.object({
    asked: v.array(Command),
    waiting: v.pipe(v.array(v.string()), v.description("What already waits and was not queued again")),
  }),
  v.title("InventoryAsked"),
);

export const deviceInventory = new Hono<ApiEnv>();

deviceInventory.get(
  "/:id/inventory",
  describeRoute(
    "Read what a device reported about itself",
    { 200: Inventory },
    { tag: "inventory", problems: ["not-found"] },
  ),
  allow("viewer"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const inventory = await deviceOf(c).readInventory(channel);
    if (inventory === undefined) return problem(c, "not-found", noDevice(c.req.param("id")));
    return c.json({
      information: presentValues(inventory.information),
      security: presentValues(inventory.security),
      lists: inventory.lists.map(({ name, asOf, total }) => ({ name, as_of: isoTime(asOf), total })),
    });
  },
);

deviceInventory.post(
  "/:id/inventory",
  describeRoute(
    "Ask a device for its inventory now",
    { 202: Asked },
    { tag: "inventory", problems: ["not-found", "conflict"] },
  ),
  allow("operator"),
  query(channelQuery),
  idempotent(),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const result = await deviceOf(c).askInventory(channel, c.var.caller.tokenId);
    if (!result.ok) return problem(c, commandProblems[result.refusal.reason], result.refusal.detail);
    const { asked, waiting } = result.value;
    return c.json({ asked: asked.map(presentCommand), waiting }, 202);
  },
);

const titles: { [Name in ListName]: string } = {
  apps: "List the apps on a device",
  "managed-apps": "List the apps that a device manages",
  "installed-profiles": "List the profiles on a device",
  "installed-certificates": "List the certificates on a device",
  "provisioning-profiles": "List the provisioning profiles on a device",
  users: "List the accounts on a device",
  "available-updates": "List the updates that are offered to a device",
};

for (const name of listNames) {
  deviceInventory.get(
    `/:id/${name}`,
    describeRoute(
      titles[name],
      { 200: v.object({ ...pageOf(listItems[name]).entries, ...listHead }) },
      { tag: "inventory", problems: ["not-found"] },
    ),
    allow("viewer"),
    query({
      ...channelQuery,
      ...listQuery<v.ObjectEntries, [string]>(listItems[name], v.tuple([v.string()])),
    }),
    async (c) => {
      const { channel = "" } = c.req.valid("query");
      const list = await deviceOf(c).listInventory(channel, name, 1);
      if (list === undefined) return problem(c, "not-found", noDevice(c.req.param("id")));
      return listed(
        c,
        c.req.valid("query"),
        {
          read: async (limit, after) => {
            const items = (await deviceOf(c).listInventory(channel, name, limit, after?.[0]))?.items ?? [];
            const read = items.map(({ key, json }) => ({ key, item: JSON.parse(json) }));
            return name === "apps" && channel === "" ? withLibrary(c, read) : read;
          },
          present: ({ item }) => item,
          keyOf: ({ key }) => [key],
        },
        { as_of: isoTimeOrNull(list.asOf), total: list.total },
      );
    },
  );
}

const deviceOf = (c: Context<ApiEnv, "/:id/*">) => c.env.DEVICE.getByName(c.req.param("id"));

/** Each with the app of the library that brought it. */
async function withLibrary<Entry extends { item: { identifier?: string } }>(
  c: Context<ApiEnv, "/:id/*">,
  entries: readonly Entry[],
): Promise<Entry[]> {
  const identifiers = entries.flatMap(({ item }) => item.identifier ?? []);
  if (identifiers.length === 0) return [...entries];
  const apps = await findAppsOfDevice(c.var.db, c.req.param("id"), identifiers);
  const known = new Map(
    apps.map(({ identifier, name, state, reason }) => [identifier, { name, state, reason }]),
  );
  return entries.map((entry) => {
    const library_app = known.get(entry.item.identifier ?? "");
    return library_app === undefined ? entry : { ...entry, item: { ...entry.item, library_app } };
  });
}

const presentValues = (told: ValuesAsOf | null) =>
  told && { as_of: isoTime(told.asOf), values: JSON.parse(told.json) };
