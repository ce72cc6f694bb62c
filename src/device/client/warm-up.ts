import { decodeReport } from "../../mdm/report.ts";
import { Alarm } from "../alarm/alarm.ts";
import { type ConnectReply, connect } from "../queue/connect.ts";
import type { ChannelRow, DeviceRow, IdentityRow } from "../store/rows.ts";
import { deviceStore } from "../store/store.ts";
import { Turns } from "../turns.ts";

/** One idle connect of an unknown device, with rows that are not stored: it compiles what an object's first turn needs. */
export function walkTurn(): ConnectReply {
  const storage = { transactionSync: (act: () => unknown) => act() } as unknown as DurableObjectStorage;
  const store = deviceStore(madeUp);
  const turns = new Turns({
    ctx: { storage } as DurableObjectState,
    env: () => ({}) as Env,
    store,
    alarm: new Alarm(storage, store),
    deviceId: () => "",
    queuedMs: () => 0,
  });
  const signed = {
    channel: { deviceId: "", userId: undefined, kind: "device" as const },
    proven: { fingerprint: "", lookup: undefined },
    raw: new Uint8Array(),
  };
  const idle = decodeReport(new Map([["Status", "Idle"]]));
  return turns.takeDeviceTurn(signed, (turn) => connect(turn, idle, undefined), { mayOnlyRead: true });
}

const rows: Readonly<Record<string, object>> = {
  sqlite_master: { exists: 1 },
  device: {
    device_id: "",
    state: "enrolled",
    generation: 1,
    facts: "{}",
    last_seen_at: Number.MAX_SAFE_INTEGER,
  } satisfies Partial<DeviceRow>,
  identities: {
    fingerprint: "",
    generation: 1,
    not_after: Number.MAX_SAFE_INTEGER,
    retires_at: null,
    revoked_at: null,
    unbound_at: null,
    renewal_of: null,
  } satisfies Partial<IdentityRow>,
  channels: { user_id: "", enabled: 1, push_attempts: 0 } satisfies Partial<ChannelRow>,
};

const madeUp = {
  exec(query: string) {
    const [, table = ""] = /FROM (\w+)/.exec(query) ?? [];
    const found = Object.hasOwn(rows, table) ? [rows[table]] : [];
    return { toArray: () => found, rowsWritten: 0 };
  },
} as unknown as SqlStorage;
