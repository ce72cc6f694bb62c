import { type Context, Hono } from "hono";
import * as v from "valibot";
import { openPortal } from "../../../apple-business/portal/object.ts";
import { isSerial } from "../../../business-api/device.ts";
import type { MdmServer } from "../../../business-api/server.ts";
import { isId } from "../../../business-api/server.ts";
import { listAccounts } from "../../../db/ade-accounts.ts";
import { findPortalAccount } from "../../../db/portal-accounts.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { encodeCursor, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { query } from "../route/validate.ts";
import { unknownApiAccount } from "./api-accounts.ts";
import { PurchasedDevice, presentPurchase } from "./purchase-json.ts";
import { appleProblems, refusedByApple } from "./refused.ts";

/** What Apple says at this moment: the organisation's servers, their devices, and one device. */
export const apiServers = new Hono<ApiEnv>();

const problems = ["not-found", ...appleProblems] as const;
const text = v.nullable(v.string());

const PortalServer = v.pipe(
  v.object({
    id: v.string(),
    name: text,
    type: text,
    status: text,
    devices: v.nullable(v.number()),
    last_connected_at: text,
    last_connected_ip: text,
    ade_account: v.pipe(text, v.description("The ADE account here that has this server's token")),
  }),
  v.title("PortalServer"),
);

/** Apple writes the same id with and without hyphens. */
const plain = (id: string): string => id.replaceAll("-", "").toLowerCase();

/** Apple's own next page is the cursor here; it is a path, and goes nowhere else. */
const place = v.tuple([v.pipe(v.string(), v.regex(/^\/v1\/mdmServers[/?]/))]);

const cursorOf = (next: string | undefined): string | null =>
  next === undefined ? null : encodeCursor([next]);

apiServers.get(
  "/:name/servers",
  describeRoute(
    "List the organisation's device management servers, as Apple says now",
    { 200: pageOf(PortalServer) },
    { problems },
  ),
  allow("viewer"),
  query(pageQuery(place)),
  async (c) => {
    const row = await findPortalAccount(c.var.db, c.req.param("name"));
    if (!row) return unknownApiAccount(c);
    const { limit, cursor } = c.req.valid("query");
    const servers = await openPortal(c.env, row.name).servers(cursor?.[0], limit);
    if (!servers.ok) return refusedByApple(c, row.name, servers.refusal);
    const accounts = await listAccounts(c.var.db);
    const accountOf = ({ id }: MdmServer) =>
      accounts.find(({ serverUuid }) => serverUuid !== null && plain(serverUuid) === plain(id))?.name ?? null;
    return c.json({
      items: servers.value.items.map((server) => ({
        id: server.id,
        name: server.serverName ?? null,
        type: server.serverType ?? null,
        status: server.status ?? null,
        devices: server.deviceCount ?? null,
        last_connected_at: server.lastConnectedDateTime ?? null,
        last_connected_ip: server.lastConnectedIp ?? null,
        ade_account: accountOf(server),
      })),
      next_cursor: cursorOf(servers.value.next),
    });
  },
);

apiServers.get(
  "/:name/servers/:server/devices",
  describeRoute(
    "List the serial numbers of a server's devices, as Apple says now",
    { 200: pageOf(v.pipe(v.object({ serial_number: v.string() }), v.title("PortalServerDevice"))) },
    { problems },
  ),
  allow("viewer"),
  query(pageQuery(place)),
  async (c) => {
    const row = await findPortalAccount(c.var.db, c.req.param("name"));
    if (!row) return unknownApiAccount(c);
    const id = c.req.param("server");
    if (!isId(id)) return problem(c, "not-found", "a server's id is made of letters, digits and hyphens");
    const { limit, cursor } = c.req.valid("query");
    const devices = await openPortal(c.env, row.name).serverDevices(id, cursor?.[0], limit);
    if (!devices.ok) return missingOr(c, row.name, devices.refusal);
    const items = devices.value.items.map((serial) => ({ serial_number: serial }));
    return c.json({ items, next_cursor: cursorOf(devices.value.next) });
  },
);

apiServers.get(
  "/:name/devices/:serial",
  describeRoute(
    "Read one device of the organisation, with its server, as Apple says now",
    {
      200: v.pipe(
        v.object({ ...PurchasedDevice.entries, server_id: v.pipe(text, v.description("null: none")) }),
        v.title("PortalDevice"),
      ),
    },
    { problems },
  ),
  allow("viewer"),
  async (c) => {
    const row = await findPortalAccount(c.var.db, c.req.param("name"));
    if (!row) return unknownApiAccount(c);
    const serial = c.req.param("serial");
    if (!isSerial(serial)) return problem(c, "not-found", "that is no serial number");
    const told = await openPortal(c.env, row.name).deviceNow(serial);
    if (!told.ok) return missingOr(c, row.name, told.refusal);
    const { device, server, coverage } = told.value;
    return c.json({
      ...presentPurchase({ account: row.name, details: device, coverage, seenAt: Date.now() }),
      server_id: server || null,
    });
  },
);

type Refusal = Parameters<typeof refusedByApple>[2];

const missingOr = (c: Context<ApiEnv>, name: string, refusal: Refusal): Response =>
  refusal.reason === "not-found"
    ? problem(c, "not-found", `${refusal.detail}: the organisation has no such thing`)
    : refusedByApple(c, name, refusal);
