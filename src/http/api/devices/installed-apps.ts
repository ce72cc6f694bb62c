import { Hono } from "hono";
import * as v from "valibot";
import {
  type InstalledAppDeviceRow,
  type InstalledAppRow,
  listInstalledAppDevices,
  listInstalledApps,
} from "../../../db/installed-apps.ts";
import { platforms } from "../../../mdm/platform.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { query } from "../route/validate.ts";

const count = v.pipe(v.number(), v.integer());

const FleetApp = v.pipe(
  v.object({
    identifier: v.string(),
    name: v.string(),
    devices: v.pipe(count, v.description("How many devices have it")),
    versions: v.array(v.object({ version: v.string(), devices: count })),
  }),
  v.title("FleetApp"),
);

const FleetAppDevice = v.pipe(
  v.object({
    device_id: v.string(),
    version: v.string(),
    name: v.nullable(v.string()),
    serial: v.nullable(v.string()),
    platform: v.nullable(v.picklist(platforms)),
    os_version: v.nullable(v.string()),
  }),
  v.title("FleetAppDevice"),
);

export const installedApps = new Hono<ApiEnv>();

installedApps.get(
  "/",
  describeRoute(
    "List the apps that are installed on enrolled devices, by identifier",
    { 200: pageOf(FleetApp) },
    {
      tag: "inventory",
      detail:
        "Counts what each device last reported on its device channel. Apps without an identifier are only in the lists of their devices.",
    },
  ),
  allow("viewer"),
  query({
    prefix: v.optional(
      v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description("The beginning of the identifiers")),
    ),
    ...listQuery(FleetApp, v.tuple([v.string()])),
  }),
  async (c) => {
    const { prefix } = c.req.valid("query");
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listInstalledApps(c.var.db, { prefix, after: after?.[0] }, limit),
      present: presentApp,
      keyOf: ({ identifier }) => [identifier],
    });
  },
);

installedApps.get(
  "/:identifier/devices",
  describeRoute(
    "List the devices that have an app installed, by version",
    { 200: pageOf(FleetAppDevice) },
    { tag: "inventory" },
  ),
  allow("viewer"),
  query({
    version: v.optional(
      v.pipe(v.string(), v.description("Only this version, as `GET /installed-apps` spells it")),
    ),
    ...listQuery(FleetAppDevice, v.tuple([v.string(), v.string()])),
  }),
  async (c) => {
    const { version } = c.req.valid("query");
    return listed(c, c.req.valid("query"), {
      read: (limit, after) =>
        listInstalledAppDevices(c.var.db, c.req.param("identifier"), version, limit, after),
      present: presentDevice,
      keyOf: (row) => [row.version, row.deviceId],
    });
  },
);

const presentApp = ({ versions, ...app }: InstalledAppRow): v.InferInput<typeof FleetApp> => ({
  ...app,
  versions: versions.toSorted((a, b) => b.devices - a.devices || (a.version < b.version ? -1 : 1)),
});

const presentDevice = ({
  deviceId,
  version,
  name,
  serial,
  platform,
  osVersion,
}: InstalledAppDeviceRow): v.InferInput<typeof FleetAppDevice> => ({
  device_id: deviceId,
  version,
  name,
  serial,
  platform,
  os_version: osVersion,
});
