import { type Context, Hono } from "hono";
import { mapInFlight } from "../../base/in-flight.ts";
import type { Json } from "../../declarations/canonical-json.ts";
import type { DeclarationKind } from "../../declarations/declaration.ts";
import type { Reason } from "../../declarations/states.ts";
import type { DeclarationsDescription } from "../../device/desired/declarations/describe.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { isoTime } from "../api/route/times.ts";
import { failed } from "./answers.ts";
import { channelOf, wellNamed } from "./channel.ts";
import { isLike, linesOf } from "./status-values.ts";

const mostIds = 40;
const mostListed = 1_000;
const mostInFlight = 6;

export const status = new Hono<ApiEnv>();

status.get("/declaration-status/:ids", wellNamed, (c) =>
  forEach(c, async (id) => {
    const told = await describe(c, id);
    const received = { status_received: isoTime(told?.reportedAt ?? 0) };
    return told && saidOf(told).map(({ kind: _, ...said }) => ({ ...said, ...received }));
  }),
);

status.get("/status-errors/:ids", wellNamed, (c) =>
  forEach(c, async (id) => {
    const { deviceId, userId } = channelOf(id);
    const [errors, told] = await Promise.all([
      c.env.DEVICE.getByName(deviceId).listStatusErrors(userId),
      describe(c, id),
    ]);
    if (errors === undefined || told === undefined) return undefined;
    const undelivered = errors.map(({ item, at, reasons }) => ({
      path: ".Errors",
      error: { StatusItem: item, Reasons: (JSON.parse(reasons) as Reason[]).map(capitalised) },
      timestamp: isoTime(at),
    }));
    const failing = saidOf(told).filter(({ active, valid }) => !active && valid !== "valid");
    return [
      ...undelivered,
      ...failing.map(({ kind, current: _, ...said }) => ({
        path: `.StatusItems.management.declarations.${listOfKind[kind]}`,
        error: said,
        timestamp: isoTime(told.reportedAt ?? 0),
      })),
    ];
  }),
);

status.get("/status-values/:ids", wellNamed, (c) =>
  forEach(c, async (id) => {
    const { deviceId, userId } = channelOf(id);
    const prefix = c.req.query("prefix") ?? "";
    const told = await c.env.DEVICE.getByName(deviceId).listStatusItems(userId, mostListed);
    return told?.items.flatMap(({ path, json, since }) =>
      linesOf(path, JSON.parse(json) as Json)
        .filter((line) => prefix === "" || isLike(line.path, prefix))
        .map((line) => ({ ...line, timestamp: isoTime(since) })),
    );
  }),
);

status.get("/status-report/:id", wellNamed, async (c) => {
  const { deviceId, userId } = channelOf(c.req.param("id"));
  const { index, status_id: statusId } = c.req.query();
  if (index !== undefined && !/^\d{1,9}$/.test(index))
    return failed(c, 400, `index is not a number: ${index}`);
  if (index === undefined && !statusId) return failed(c, 400, "an index or a status_id is needed");
  const device = c.env.DEVICE.getByName(deviceId);
  const reports = (await device.listStatusReports(userId)) ?? [];
  const at = reports.findIndex(
    ({ id }, place) => (!statusId || String(id) === statusId) && (!index || place === Number(index)),
  );
  const report = reports[at] && (await device.readStatusReport(userId, reports[at].id));
  if (!report) return failed(c, 404, "status report not found");
  return c.body(report.text, 200, {
    "Content-Type": "application/json",
    "Last-Modified": new Date(report.receivedAt).toUTCString(),
    "X-Status-Report-Index": String(at),
    "X-Status-Report-ID": String(report.id),
  });
});

/** A map by id. Unknown ids are not in it. */
async function forEach(
  c: Context<ApiEnv, "/:ids">,
  ask: (id: string) => Promise<unknown[] | undefined>,
): Promise<Response> {
  const ids = [...new Set(c.req.param("ids").split(",").filter(Boolean))];
  if (ids.length > mostIds) return failed(c, 400, `at most ${mostIds} ids are answered at once`);
  const answers = await mapInFlight(ids, mostInFlight, async (id) => [id, await ask(id)] as const);
  return c.json(Object.fromEntries(answers.filter(([, answer]) => answer !== undefined)));
}

function describe(c: Context<ApiEnv>, id: string): Promise<DeclarationsDescription | undefined> {
  const { deviceId, userId } = channelOf(id);
  return c.env.DEVICE.getByName(deviceId).describeDeclarations(userId, mostListed);
}

const listOfKind: Record<DeclarationKind, string> = {
  activation: "activations",
  asset: "assets",
  configuration: "configurations",
  management: "management",
};

/** What the device reported, both about declarations it should have and about others. */
function saidOf({ declarations, unexpected }: DeclarationsDescription) {
  const expected = declarations.flatMap(({ identifier, kind, serverToken, reported }) =>
    reported ? [{ identifier, kind, ...reported, current: reported.serverToken === serverToken }] : [],
  );
  return [...expected, ...unexpected.map((one) => ({ ...one, current: false }))].map(
    ({ identifier, kind, active, valid, serverToken, current, reasons: json }) => {
      const reasons = JSON.parse(json) as Reason[];
      return {
        ...{ identifier, kind, active, valid, "server-token": serverToken, current },
        ...(reasons.length > 0 && { reasons }),
      };
    },
  );
}

const capitalised = ({ code: Code, description: Description, details: Details }: Reason) => ({
  Code,
  ...(Description !== undefined && { Description }),
  ...(Details !== undefined && { Details }),
});
