import { isReady, readinessOf } from "../../apple-business/migration-readiness.ts";
import { day } from "../../base/time.ts";
import type { AdeTrouble } from "../../db/schema/ade.ts";
import { endingOf } from "../ending.ts";
import { finding } from "../problem.ts";
import type { Detector } from "./deployment.ts";

/** From then on a deadline to move here is urgent. */
const urgentDays = 3;
const tokenSteps = [60, 30, 14, 7, 3, 1] as const;

const factsOf = ({ reason, code, detail, remedy }: AdeTrouble) => ({ reason, word: code, detail, remedy });

/** What keeps devices of Apple's portal from coming: each account by itself, for each has an organisation of its own. */
export const adeDetectors: readonly Detector[] = [
  {
    codes: ["ade-token-ends"],
    find: ({ ade }, now) =>
      ade.flatMap(({ name: account, tokenExpiresAt, details }) => {
        const ending = tokenExpiresAt === null ? undefined : endingOf(tokenExpiresAt, tokenSteps, now);
        if (ending === undefined || tokenExpiresAt === null) return [];
        return finding("ade-token-ends", ending.urgency, {
          subject: account,
          stage: ending.stage,
          endsAt: tokenExpiresAt,
          facts: {
            account,
            organization: details?.org_name ?? null,
            admin: details?.admin_id ?? null,
            ends_on: new Date(tokenExpiresAt).toISOString().slice(0, 10),
            days_left: ending.daysLeft,
          },
        });
      }),
  },
  {
    codes: ["ade-account-stopped"],
    find: ({ ade }) =>
      ade.flatMap(({ name: account, details, trouble }) =>
        trouble === null
          ? []
          : finding("ade-account-stopped", "urgent", {
              subject: account,
              facts: {
                account,
                organization: details?.org_name ?? null,
                ...factsOf(trouble),
              },
            }),
      ),
  },
  {
    codes: ["api-account-stopped"],
    find: ({ apiAccounts }) =>
      apiAccounts.flatMap(({ name: account, trouble }) =>
        trouble === null
          ? []
          : finding("api-account-stopped", "soon", {
              subject: account,
              facts: { account, ...factsOf(trouble) },
            }),
      ),
  },
  {
    codes: ["migrations-not-ready"],
    find: ({ migrating, escrowsFileVault }, now) =>
      [...Map.groupBy(migrating, ({ account }) => account)].flatMap(([account, devices]) => {
        const unready = devices
          .map((device) => ({ device, checks: readinessOf(device, escrowsFileVault, now) }))
          .filter(({ checks }) => !isReady(checks));
        const [first] = unready;
        if (!first) return [];
        const missing = first.checks.filter(({ ready }) => !ready);
        const { deadline, serial } = first.device;
        return finding("migrations-not-ready", deadline - now <= urgentDays * day ? "urgent" : "soon", {
          subject: account,
          devices: unready.length,
          facts: {
            account,
            count: unready.length,
            device: serial,
            deadline: new Date(deadline).toISOString().slice(0, 10),
            missing: missing.map(({ detail }) => detail).join("; "),
            checks: missing.map(({ check }) => check).join(" "),
          },
        });
      }),
  },
];
