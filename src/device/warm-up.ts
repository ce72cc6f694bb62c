import { decodeReport } from "../mdm/report.ts";
import { connect } from "./connect.ts";
import type { ChannelRow, DeviceRow, IdentityRow } from "./rows.ts";
import { deviceStore } from "./store.ts";
import { enrollmentOf } from "./turn.ts";

/** One idle connect of a device that nobody knows, over rows that lie nowhere: what an object's first turn compiles. */
export function walkTurn(): void {
  const store = deviceStore(madeUp);
  const device = store.device();
  connect(
    {
      store,
      now: 1,
      speaker: { deviceId: device.device_id, userId: undefined, kind: "device" },
      proven: { fingerprint: "", consulted: undefined },
      enrollment: enrollmentOf(store, device.device_id, device),
      device,
      tell: () => undefined,
      plan: () => 0,
    },
    decodeReport(new Map([["Status", "Idle"]])),
    undefined,
  );
}

const rows: Readonly<Record<string, object>> = {
  device: {
    device_id: "",
    state: "enrolled",
    generation: 1,
    facts: "{}",
    last_seen_at: 1,
  } satisfies Partial<DeviceRow>,
  identities: {
    fingerprint: "",
    generation: 1,
    not_after: 2,
    retires_at: null,
    revoked_at: null,
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
