import { endingOf } from "../ending.ts";
import { finding } from "../problem.ts";
import type { Detector } from "./deployment.ts";

const tokenSteps = [60, 30, 14, 7, 3, 1] as const;

/** What keeps apps from being licensed: each location by itself, for each has a token of its own. */
export const contentDetectors: readonly Detector[] = [
  {
    codes: ["content-token-ends"],
    find: ({ locations }, now) =>
      locations.flatMap(({ name: location, locationName, tokenExpiresAt }) => {
        const ending = endingOf(tokenExpiresAt, tokenSteps, now);
        if (ending === undefined) return [];
        return finding("content-token-ends", ending.urgency, {
          subject: location,
          stage: ending.stage,
          endsAt: tokenExpiresAt,
          facts: {
            location,
            name: locationName ?? location,
            ends_on: new Date(tokenExpiresAt).toISOString().slice(0, 10),
            days_left: ending.daysLeft,
          },
        });
      }),
  },
  {
    codes: ["content-location-stopped"],
    find: ({ locations }) =>
      locations.flatMap(({ name: location, trouble }) =>
        trouble === null
          ? []
          : finding("content-location-stopped", "soon", {
              subject: location,
              facts: { location, reason: trouble.reason, detail: trouble.detail, remedy: trouble.remedy },
            }),
      ),
  },
  {
    codes: ["content-location-taken"],
    find: ({ locations }) =>
      locations.flatMap(({ name: location, rival }) =>
        rival === null
          ? []
          : finding("content-location-taken", "soon", {
              subject: location,
              facts: { location, by: rival.name, metadata: rival.metadata },
            }),
      ),
  },
  {
    codes: ["licences-missing"],
    find: ({ missingLicences }) =>
      missingLicences.flatMap(({ location, adamId, name, count }) =>
        finding("licences-missing", "soon", {
          subject: `${location} ${adamId}`,
          devices: count,
          facts: { location, app: name ?? adamId, count },
        }),
      ),
  },
  {
    codes: ["licence-counts-differ"],
    find: ({ contradictions }) =>
      contradictions.flatMap(({ location, adamId, name, assigned, held }) =>
        finding("licence-counts-differ", "notice", {
          subject: `${location} ${adamId}`,
          facts: { location, app: name ?? adamId, assigned, held },
        }),
      ),
  },
];
