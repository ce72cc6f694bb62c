import type { ChannelKind } from "../mdm/speaker.ts";
import { askIntent } from "./ask-intent.ts";
import type { SpeakerDecision } from "./enrollment-state.ts";
import { enrollmentOf, type Turn } from "./turn.ts";

/**
 * A device whose object was lost is taken up again, from what the directory remembers: it need not enrol anew. What only
 * the object knew is gone, such as escrow and the push tokens, which come with the next TokenUpdate of each channel.
 */
export function adopt(
  turn: Turn,
  { identity, listed, terms }: Extract<SpeakerDecision, { as: "adopted" }>,
): void {
  const { store, now, speaker } = turn;
  if (turn.device === undefined) store.create(turn.enrollment.deviceId);
  store.pinIdentity(identity);
  store.setDevice({
    state: "enrolled",
    generation: identity.generation,
    terms: JSON.stringify(terms ?? { kind: listed.kind }),
    facts: JSON.stringify(listed.facts),
    proven: JSON.stringify(listed.proven ?? {}),
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
  askIntent(turn);
  const { generation, fingerprint } = identity;
  turn.tell({
    name: "device.adopted",
    detail: { generation, fingerprint },
    change: { device: { state: "enrolled", generation, lastSeenAt: now } },
  });
  turn.device = store.device();
  turn.enrollment = enrollmentOf(store, speaker.deviceId, turn.device);
}
