import type { DeviceKind } from "../../events/event.ts";
import { appChange } from "../desired/apps/tell.ts";
import { tellAllStates } from "../desired/declarations/restart.ts";
import { profileChange } from "../desired/profiles/tell.ts";
import { standingOf } from "../identity/standing.ts";
import type { ChannelRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../turn.ts";
import { attestationOf, factsOf, inventoryOf, kindOfTerms, provenOf } from "../turn.ts";

/** Tells the directory everything again, for the repair pass. */
export function announceDevice(turn: Turn): void {
  const { store } = turn;
  if (!store.exists()) return;
  const device = store.device();
  const channels = store.channels();
  store.untellInventory();
  store.untellStatus();
  turn.tell({
    name: "device.announced",
    detail: { generation: device.generation, state: device.state },
    change: {
      device: {
        state: device.state,
        generation: device.generation,
        facts: factsOf(device),
        proven: provenOf(device),
        attestation: attestationOf(device) ?? null,
        ...(device.last_seen_at === null ? {} : { lastSeenAt: device.last_seen_at }),
        kind: kindOf(store, channels),
        inventory: inventoryOf(device),
        hasBootstrapToken: store.currentEscrow("bootstrap-token", device.generation) !== undefined,
        hasFilevaultKey: store.currentEscrow("filevault-key", device.generation) !== undefined,
        hasRecoveryLock: store.currentEscrow("recovery-lock", device.generation) !== undefined,
      },
      ...standingOf(
        store,
        store.identities().map(({ fingerprint }) => fingerprint),
      ),
      allChannels: "forgotten",
    },
  });
  for (const row of channels) {
    turn.tell({
      name: "device.announced",
      ...(row.user_id ? { userId: row.user_id } : {}),
      detail: { enabled: row.enabled === 1 },
      change: {
        channel: {
          userId: row.user_id,
          kind: row.kind,
          enabled: row.enabled === 1,
          ...(row.topic === null ? {} : { topic: row.topic }),
          userShortName: row.user_short_name,
          userLongName: row.user_long_name,
        },
        profiles: store.profiles(row.user_id).map(profileChange),
        ...(row.user_id === "" && { managedApps: store.apps().map(appChange) }),
      },
    });
  }
  tellAllStates(turn);
}

const kindOf = (store: Store, channels: readonly ChannelRow[]): DeviceKind =>
  kindOfTerms(
    store.device().terms,
    channels.some(({ kind }) => kind === "user_enrollment"),
  );
