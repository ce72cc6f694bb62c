import { type PosturePart, type PosturePolicy, postureParts } from "../admin/posture.ts";
import { day } from "../base/time.ts";

/**
 * A number from 0 to 100 for one device: the points of all parts that hold. What a device has not reported does not hold.
 * A device that is not enrolled has none, whatever was known of it.
 */
export type PostureFacts = {
  lastSeenAt: number | null;
  encrypted: boolean | null;
  passcodePresent: boolean | null;
  passcodeCompliant: boolean | null;
  attestedAt: number | null;
  /** The deadline of an update policy has passed, and it runs an older system. */
  isOverdue: boolean;
};

export function scoreOf(facts: PostureFacts, policy: PosturePolicy, now: number): number {
  const holds: Record<PosturePart, boolean> = {
    enrolled: true,
    seen: facts.lastSeenAt !== null && now - facts.lastSeenAt <= policy.seen_days * day,
    encrypted: facts.encrypted === true,
    passcode: facts.passcodeCompliant ?? facts.passcodePresent ?? false,
    os: !facts.isOverdue,
    attested: facts.attestedAt !== null,
  };
  return postureParts.reduce((sum, part) => sum + (holds[part] ? policy[part] : 0), 0);
}
