import type { ChannelKind } from "../../mdm/channel.ts";
import { requestReconcile } from "../desired/request-reconcile.ts";
import { type DeviceTurn, enrollmentOf } from "../turn.ts";
import { unshown } from "./authorization.ts";
import type { Adoption } from "./enrollment-state.ts";

/**
 * Adopts a device whose object was lost, from the data in the directory, so that the device need not enroll again. What
 * only the object knew is lost, such as escrow and push tokens; tokens come with the next TokenUpdate of each channel. Its
 * identities are restored, including those that are no longer accepted.
 */
export function adopt(turn: DeviceTurn, { listed, terms }: Adoption): void {
  const { store, now, channel } = turn;
  const { generation } = listed;
  if (turn.device === undefined) store.create(turn.enrollment.deviceId);
  for (const identity of listed.identities) store.pinIdentity(identity);
  store.setDevice({
    state: "enrolled",
    generation,
    terms: JSON.stringify(terms ?? { kind: listed.kind }),
    facts: JSON.stringify(listed.facts),
    proven: JSON.stringify(listed.proven ?? {}),
    authorization: listed.grant ? JSON.stringify(unshown(listed.grant)) : null,
    attestation: listed.attestation ? JSON.stringify(listed.attestation) : null,
    last_seen_at: now,
  });
  store.putChannel({ user_id: "", kind: listed.kind === "user" ? "user_enrollment" : "device", enabled: 1 });
  for (const { userId, kind, enabled, topic, userShortName, userLongName } of listed.channels) {
    store.putChannel({
      user_id: userId,
      kind: kind as ChannelKind,
      enabled: enabled ? 1 : 0,
      topic: topic ?? null,
      user_short_name: userShortName ?? null,
      user_long_name: userLongName ?? null,
    });
  }
  requestReconcile(turn);
  turn.tell({
    name: "device.adopted",
    detail: { generation, fingerprint: turn.proven.fingerprint },
    change: { device: { state: "enrolled", generation, lastSeenAt: now } },
  });
  turn.device = store.device();
  turn.enrollment = enrollmentOf(store, channel.deviceId, turn.device);
}
