import { version } from "../../../package.json";
import { isNewer } from "../../releases/read-release.ts";
import { type Finding, finding, type Urgency } from "../problem.ts";
import { type DayOfUse, dailyLimits, type Metric, metrics } from "../usage/daily-limits.ts";
import type { Detector } from "./deployment.ts";

const megabyte = 1_000_000;

/** From so many percent on. */
const steps: readonly (readonly [percent: number, urgency: Urgency])[] = [
  [95, "urgent"],
  [80, "soon"],
  [50, "notice"],
];

const stepAt = (percent: number) => steps.find(([from]) => percent >= from);

/**
 * The worse of the last two days: a day begins at zero, and what was near the limit yesterday is so until today has shown
 * otherwise.
 */
function overuse(metric: Metric, days: readonly DayOfUse[]): Finding[] {
  const { limit, what } = dailyLimits[metric];
  const [worst] = days.toSorted((a, b) => b.used[metric] - a.used[metric]);
  const used = worst?.used[metric] ?? 0;
  const step = stepAt(Math.floor((used / limit) * 100));
  if (step === undefined || worst === undefined) return [];
  const facts = { metric, what, day: worst.day, used, limit, percent: step[0] };
  return [finding("daily-limit", step[1], { subject: metric, facts })];
}

/** What the platform bounds, and what comes to this deployment from outside. */
export const platformDetectors: readonly Detector[] = [
  {
    codes: ["platform-limit"],
    find: ({ databaseBytes, settings: { platform_database_mb: limit } }) => {
      const used = Math.round(databaseBytes / megabyte);
      const percent = Math.floor((used / limit) * 100);
      const step = stepAt(percent);
      if (step === undefined) return [];
      const facts = { what: "database", used: `${used} MB`, limit: `${limit} MB`, percent: step[0] };
      return [finding("platform-limit", step[1], { subject: "database", facts })];
    },
  },
  {
    codes: ["daily-limit"],
    find: ({ usage }) =>
      usage === undefined || "trouble" in usage
        ? []
        : metrics.flatMap((metric) => overuse(metric, usage.days)),
  },
  {
    codes: ["daily-use-not-read"],
    find: ({ usage }) =>
      usage !== undefined && "trouble" in usage
        ? [finding("daily-use-not-read", "notice", { facts: { trouble: usage.trouble } })]
        : [],
  },
  {
    codes: ["newer-release"],
    find: ({ newestRelease }) =>
      newestRelease !== null && isNewer(newestRelease, version)
        ? [finding("newer-release", "notice", { facts: { newest: newestRelease, version } })]
        : [],
  },
];
