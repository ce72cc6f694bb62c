import { ok, type Result, refuse } from "../base/result.ts";

/** A release, as GitHub's API tells of the latest one (`tag_name`), or as any `package.json` (`version`). */
export type Release = { version: string };

export function readRelease(told: unknown): Result<Release, { detail: string }> {
  if (typeof told !== "object" || told === null) return refuse({ detail: "its answer is no JSON object" });
  const { tag_name, version } = told as Record<string, unknown>;
  const name = typeof tag_name === "string" ? tag_name : version;
  const found = typeof name === "string" ? /^v?(\d{1,6}\.\d{1,6}\.\d{1,6})$/.exec(name)?.[1] : undefined;
  return found === undefined
    ? refuse({ detail: "its answer names no version such as v1.2.3" })
    : ok({ version: found });
}

/** Whether the first version is newer than the second; both as 1.2.3. */
export function isNewer(version: string, than: string): boolean {
  const [left, right] = [version, than].map((one) => one.split(/[.-]/).map(Number));
  for (const part of [0, 1, 2]) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
