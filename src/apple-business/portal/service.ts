import { ok, type Result, refuse } from "../../base/result.ts";
import {
  assignedServerCall,
  type BusinessCall,
  coverageCall,
  orgDeviceCall,
  serverDevicesCall,
  serversCall,
} from "../../business-api/calls.ts";
import type { BusinessClient } from "../../business-api/client.ts";
import type { Coverage } from "../../business-api/coverage.ts";
import type { OrgDevice } from "../../business-api/device.ts";
import type { Page } from "../../business-api/page.ts";
import { type BusinessRefusal, concernsKey, unanswered } from "../../business-api/refusals.ts";
import type { MdmServer } from "../../business-api/server.ts";
import { openDb } from "../../db/open.ts";
import { findPortalAccount, type PortalAccountRow } from "../../db/portal-accounts.ts";
import { dropUnseen } from "../../db/portal-devices.ts";
import { clientOf } from "./account.ts";
import { noteTrouble } from "./account-state.ts";
import type { PortalProgress } from "./progress.ts";
import { type PortalTurn, takePortalTurn } from "./turn.ts";

export type AskedPortal<Value> = Result<Value, BusinessRefusal>;
export type OrgDeviceNow = { device: OrgDevice; server: string; coverage: Coverage[] };
export type PortalService = ReturnType<typeof portalService>;

const rowsDropped = 5_000;
const ever = Number.MAX_SAFE_INTEGER;

/** All that an API account's object does, but for its alarm. */
export function portalService(env: Env, name: string) {
  const db = openDb(env.DB);

  const account = async (): Promise<PortalAccountRow> => {
    const row = await findPortalAccount(db, name);
    if (!row) throw new Error(`there is no API account ${name}`);
    return row;
  };

  const withClient = async <Value>(
    { restUntil }: PortalProgress,
    work: (client: BusinessClient) => Promise<Result<Value, BusinessRefusal>>,
  ): Promise<AskedPortal<Value>> => {
    const seconds = Math.ceil((restUntil - Date.now()) / 1000);
    if (seconds > 0 && seconds <= 15 * 60)
      return refuse(unanswered("too-many-requests", "Apple wants to be left alone for a while", seconds));
    const row = await account();
    const answer = await work(await clientOf(env, row));
    if (!answer.ok && concernsKey(answer.refusal)) await noteTrouble(env, row, answer.refusal, Date.now());
    return answer;
  };

  const call = <Value>(progress: PortalProgress, one: BusinessCall<Value>): Promise<AskedPortal<Value>> =>
    withClient(progress, (client) => client.call(one));

  return {
    servers: (
      progress: PortalProgress,
      next: string | undefined,
      limit: number,
    ): Promise<AskedPortal<Page<MdmServer>>> => call(progress, serversCall(next, limit)),

    serverDevices: (
      progress: PortalProgress,
      id: string,
      next: string | undefined,
      limit: number,
    ): Promise<AskedPortal<Page<string>>> => call(progress, serverDevicesCall(id, next, limit)),

    async takeTurn(progress: PortalProgress): Promise<PortalTurn | "gone" | "going"> {
      const row = await findPortalAccount(db, name);
      if (row) return takePortalTurn(env, row, await clientOf(env, row), progress, Date.now());
      return (await dropUnseen(db, name, ever, rowsDropped)) < rowsDropped ? "gone" : "going";
    },

    deviceNow: (progress: PortalProgress, serial: string): Promise<AskedPortal<OrgDeviceNow>> =>
      withClient(progress, async (client) => {
        const device = await client.call(orgDeviceCall(serial));
        if (!device.ok) return device;
        const server = await client.call(assignedServerCall(serial));
        if (!server.ok) return server;
        const coverage = await client.call(coverageCall(serial));
        if (!coverage.ok) return coverage;
        return ok({ device: device.value, server: server.value, coverage: coverage.value.items });
      }),
  };
}
