import { day } from "../base/time.ts";
import type { Db } from "../db/open.ts";
import { isVersionKnown } from "../db/software-updates.ts";
import type { UpdatePlatform, UpdateTarget } from "../declarations/software-update.ts";
import { versionKey } from "../mdm/platform.ts";

/**
 * Probable typing errors that are costly for a fleet: with a deadline in the past, devices restart at once; a deadline far
 * away or an unknown version has no effect. They are accepted if the caller confirms them.
 */
export type Doubt = {
  code: "deadline-past" | "deadline-far" | "unknown-version";
  pointer: string;
  detail: string;
};

const farthest = 2 * 365 * day;

export async function doubtsAbout(
  db: Db,
  target: UpdateTarget,
  platforms: readonly UpdatePlatform[],
  now: number,
): Promise<Doubt[]> {
  if (target.kind === "latest") return [];
  const late = doubtOfDeadline(target.deadline, now);
  // The version that devices report does not have the supplement in brackets.
  const version = target.version.replace(/ .*$/, "");
  const isKnown = await isVersionKnown(db, platforms, version, versionKey(version));
  return [
    ...(late ? [late] : []),
    ...(isKnown
      ? []
      : [
          {
            code: "unknown-version" as const,
            pointer: "/target/version",
            detail: `no device on ${platforms.join(", ")} has ${version}, and no release of it is known`,
          },
        ]),
  ];
}

/** The text that confirms the doubts: it names their subject, so that it confirms nothing else. */
export const confirmationOf = ({ version, deadline }: UpdateTarget & { kind: "version" }): string =>
  `${version} by ${deadline}`;

function doubtOfDeadline(deadline: string, now: number): Doubt | undefined {
  const at = Date.parse(`${deadline}Z`);
  const pointer = "/target/deadline";
  if (at < now)
    return {
      code: "deadline-past",
      pointer,
      detail: "has passed: devices would install and restart at once",
    };
  if (at > now + farthest) return { code: "deadline-far", pointer, detail: "is more than two years ahead" };
  return undefined;
}
