import { type Context, Hono } from "hono";
import { mapInFlight } from "../../base/in-flight.ts";
import { order } from "../../commands/order.ts";
import { isDeviceId } from "../../mdm/channel.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { failed, tabbed } from "../nanomdm/answers.ts";

const mostAsked = 100;
const atOnce = 25;

/** Workflows that are one command here, which the server completes and whose secrets it escrows. */
const commands: { [workflow: string]: string } = {
  "io.micromdm.wf.lock.v1": "DeviceLock",
  "io.micromdm.wf.fvrotate.v1": "RotateFileVaultKey",
};

/** What to use instead of the others. */
const instead: { [workflow: string]: string } = {
  "io.micromdm.wf.certprof.v1": "identities are renewed by themselves",
  "io.micromdm.wf.cmdplan.v1": "put profiles in a set with a filter (PUT /api/v1/sets/{name})",
  "io.micromdm.wf.fvenable.v1": "put a FileVault profile in a set; its key is escrowed by itself",
  "io.micromdm.wf.profile.v1": "put the profile in a set (PUT /api/v1/sets/{name})",
  "io.micromdm.wf.devinfolog.v1": "ask with the command DeviceInformation",
};

type Start = (c: Context<ApiEnv>, id: string) => Promise<string | undefined>;

export const workflows = new Hono<ApiEnv>();

workflows.post("/v1/workflow/:name/start", async (c) => {
  const name = c.req.param("name");
  const start = starterOf(name);
  if (start === undefined)
    return failed(c, 404, `there is no workflow ${name} here: ${instead[name] ?? "nothing covers it"}`);
  const ids = [...new Set(c.req.queries("id"))];
  if (ids.length === 0 || ids.length > mostAsked || !ids.every(isDeviceId))
    return failed(c, 400, `give 1 to ${mostAsked} ids: ?id=…&id=…`);
  const errors = await mapInFlight(ids, atOnce, (id) => start(c, id));
  const why = ids.flatMap((id, at) => (errors[at] === undefined ? [] : [`${id}: ${errors[at]}`]));
  if (why.length === ids.length) return failed(c, 500, why.join("; "));
  return tabbed(c, {
    instance_id: crypto.randomUUID().toUpperCase(),
    ...(why.length > 0 && { errors: why }),
  });
});

function starterOf(name: string): Start | undefined {
  if (name === "io.micromdm.wf.inventory.v1") return askInventory;
  const requestType = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return requestType === undefined ? undefined : (c, id) => give(c, id, requestType);
}

async function askInventory(c: Context<ApiEnv>, id: string): Promise<string | undefined> {
  const asked = await c.env.DEVICE.getByName(id).askInventory("", c.var.caller.tokenId);
  return asked.ok ? undefined : asked.refusal.detail;
}

async function give(c: Context<ApiEnv>, id: string, requestType: string): Promise<string | undefined> {
  const delivery = { deviceId: id, origin: c.var.caller.tokenId, ifKnown: true };
  const wanted = { requestType, payload: new Map(), complete: true };
  const given = await order(c.env, { wanted, delivery, mode: "strict", asker: c.var.caller }, Date.now());
  if (given.ok) return undefined;
  const { refusal } = given;
  return "detail" in refusal ? refusal.detail : refusal.findings.map(({ detail }) => detail).join("; ");
}
