import type { DeviceKind } from "../events/event.ts";
import { tellAllStates } from "./declarations/restart.ts";
import type { Desk } from "./desk.ts";
import { profileChange } from "./profiles/tell.ts";
import type { ChannelRow } from "./rows.ts";
import { standingOf } from "./standing.ts";
import type { Store } from "./store.ts";
import { factsOf, inventoryOf, kindOfTerms, provenOf } from "./turn.ts";

/** All the directory should know, told anew: for the repair pass. */
export function announce(desk: Desk): void {
  const { store } = desk;
  if (!store.exists()) return;
  const device = store.device();
  const channels = store.channels();
  store.untellInventory();
  store.untellStatus();
  desk.tell({
    name: "device.announced",
    detail: { generation: device.generation, state: device.state },
    change: {
      device: {
        state: device.state,
        generation: device.generation,
        facts: factsOf(device),
        proven: provenOf(device),
        ...(device.last_seen_at === null ? {} : { lastSeenAt: device.last_seen_at }),
        kind: kindOf(store, channels),
        inventory: inventoryOf(device),
      },
      ...standingOf(
        store,
        store.identities().map(({ fingerprint }) => fingerprint),
      ),
      allChannels: "forgotten",
    },
  });
  for (const row of channels) {
    desk.tell({
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
      },
    });
  }
  tellAllStates(desk);
}

const kindOf = (store: Store, channels: readonly ChannelRow[]): DeviceKind =>
  kindOfTerms(
    store.device().terms,
    channels.some(({ kind }) => kind === "user_enrollment"),
  );
