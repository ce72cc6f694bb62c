import { type Context, Hono } from "hono";
import * as v from "valibot";
import type {
  DeclarationsDescription,
  DescribedDeclaration,
  StatusItemDescription,
  StatusReportDescription,
  UnexpectedDeclaration,
} from "../../../device/desired/declarations/describe.ts";
import { channelQuery } from "../commands/device-commands.ts";
import {
  ChannelDeclaration,
  DeclarationsHead,
  StatusErrorJson,
  StatusItemJson,
  StatusReportJson,
  StatusReportTextJson,
} from "../declarations/declaration-status-json.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull } from "../route/times.ts";
import { query } from "../route/validate.ts";
import { noDevice } from "./device-json.ts";

const byName = v.tuple([v.string()]);

export const deviceDeclarations = new Hono<ApiEnv>();

deviceDeclarations.get(
  "/:id/declarations",
  describeRoute(
    "List the declarations of a channel, with the state of each",
    { 200: v.object({ ...pageOf(ChannelDeclaration).entries, ...DeclarationsHead }) },
    {
      tag: "declarations",
      problems: ["not-found"],
      detail:
        "What the channel should have, joined with what it last reported. `pending`: it has not reported yet. `active`, `inactive`, `invalid`: its own words. `unknown_to_device`: it fetched this set and does not report the declaration. `stale`: it fetched this set and still has another version.",
    },
  ),
  allow("viewer"),
  query({ ...channelQuery, ...listQuery(ChannelDeclaration, byName) }),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const told = await deviceOf(c).describeDeclarations(channel, 1);
    if (told === undefined) return problem(c, "not-found", noDevice(c.req.param("id")));
    return listed(
      c,
      c.req.valid("query"),
      {
        read: async (limit, after) =>
          (await deviceOf(c).describeDeclarations(channel, limit, after?.[0]))?.declarations ?? [],
        present: presentDeclaration,
        keyOf: ({ identifier }) => [identifier],
      },
      presentHead(told),
    );
  },
);

deviceDeclarations.get(
  "/:id/status-items",
  describeRoute(
    "List the status items that a channel reported, with their latest values",
    { 200: pageOf(StatusItemJson) },
    { tag: "declarations", problems: ["not-found"] },
  ),
  allow("viewer"),
  query({ ...channelQuery, ...listQuery(StatusItemJson, byName) }),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    if ((await deviceOf(c).listStatusItems(channel, 1)) === undefined)
      return problem(c, "not-found", noDevice(c.req.param("id")));
    return listed(c, c.req.valid("query"), {
      read: async (limit, after) => {
        const told = await deviceOf(c).listStatusItems(channel, limit, after?.[0]);
        const last = told?.items.at(-1);
        return { rows: told?.items ?? [], stoppedAt: told?.isCut && last ? [last.path] : undefined };
      },
      present: presentItem,
      keyOf: ({ path }) => [path],
    });
  },
);

deviceDeclarations.get(
  "/:id/status-errors",
  describeRoute(
    "List the status items that a channel could not deliver, newest first",
    { 200: v.object({ items: v.array(StatusErrorJson) }) },
    { tag: "declarations", problems: ["not-found"] },
  ),
  allow("viewer"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const errors = await deviceOf(c).listStatusErrors(channel);
    if (errors === undefined) return problem(c, "not-found", noDevice(c.req.param("id")));
    return c.json({
      items: errors.map(({ item, at, reasons }) => ({
        status_item: item,
        reported_at: isoTime(at),
        reasons: JSON.parse(reasons),
      })),
    });
  },
);

deviceDeclarations.get(
  "/:id/status-reports",
  describeRoute(
    "List the last status reports of a channel, newest first",
    { 200: v.object({ items: v.array(StatusReportJson) }) },
    { tag: "declarations", problems: ["not-found"] },
  ),
  allow("viewer"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const reports = await deviceOf(c).listStatusReports(channel);
    if (reports === undefined) return problem(c, "not-found", noDevice(c.req.param("id")));
    return c.json({ items: reports.map(presentReport) });
  },
);

deviceDeclarations.get(
  "/:id/status-reports/:report",
  describeRoute(
    "Read a status report as the device sent it",
    { 200: StatusReportTextJson },
    { tag: "declarations", problems: ["not-found"] },
  ),
  allow("viewer"),
  query(channelQuery),
  async (c) => {
    const { channel = "" } = c.req.valid("query");
    const report = await deviceOf(c).readStatusReport(channel, Number(c.req.param("report")));
    if (report === undefined) return problem(c, "not-found", "no report with that number is kept");
    return c.json({ ...presentReport(report), report: report.text });
  },
);

const deviceOf = (c: Context<ApiEnv, "/:id/*">) => c.env.DEVICE.getByName(c.req.param("id"));

const presentHead = (told: DeclarationsDescription) => ({
  token: told.token,
  token_at: isoTimeOrNull(told.tokenAt),
  announced: told.announced,
  fetched_token: told.fetchedToken,
  fetched_at: isoTimeOrNull(told.fetchedAt),
  reported_at: isoTimeOrNull(told.reportedAt),
  unexpected: told.unexpected.map(presentUnexpected),
  withheld: told.withheld,
});

const presentDeclaration = ({ serverToken, reported, ...declaration }: DescribedDeclaration) => ({
  ...declaration,
  server_token: serverToken,
  reported: reported && presentSaid(reported),
});

const presentUnexpected = ({ identifier, kind, ...said }: UnexpectedDeclaration) => ({
  identifier,
  kind,
  ...presentSaid(said),
});

const presentSaid = ({
  serverToken,
  active,
  valid,
  reasons,
}: NonNullable<DescribedDeclaration["reported"]>) => ({
  server_token: serverToken,
  active,
  valid,
  reasons: JSON.parse(reasons),
});

const presentItem = ({ path, since, json, history }: StatusItemDescription) => ({
  path,
  value: JSON.parse(json),
  since: isoTime(since),
  history: (JSON.parse(history) as [number, unknown][]).map(([at, value]) => ({ since: isoTime(at), value })),
});

const presentReport = ({ id, receivedAt, size, state }: StatusReportDescription) => ({
  id,
  received_at: isoTime(receivedAt),
  size,
  state,
});
