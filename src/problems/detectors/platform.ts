import { version } from "../../../package.json";
import { isNewer } from "../../releases/read-release.ts";
import { finding, type Urgency } from "../problem.ts";
import type { Detector } from "./deployment.ts";

const megabyte = 1_000_000;

/** From so many percent on. */
const steps: readonly (readonly [percent: number, urgency: Urgency])[] = [
  [95, "urgent"],
  [80, "soon"],
  [50, "notice"],
];

/** What the platform bounds, and what comes to this deployment from outside. */
export const platformDetectors: readonly Detector[] = [
  {
    codes: ["platform-limit"],
    find: ({ databaseBytes, settings: { platform_database_mb: limit } }) => {
      const used = Math.round(databaseBytes / megabyte);
      const percent = Math.floor((used / limit) * 100);
      const step = steps.find(([from]) => percent >= from);
      if (step === undefined) return [];
      const facts = { what: "database", used: `${used} MB`, limit: `${limit} MB`, percent: step[0] };
      return [finding("platform-limit", step[1], { subject: "database", facts })];
    },
  },
  {
    codes: ["newer-release"],
    find: ({ newestRelease }) =>
      newestRelease !== null && isNewer(newestRelease, version)
        ? [finding("newer-release", "notice", { facts: { newest: newestRelease, version } })]
        : [],
  },
];
