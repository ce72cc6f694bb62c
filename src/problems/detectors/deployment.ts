import { day } from "../../base/time.ts";
import { harmful, type Finding as OutsideFinding } from "../../selftest/judge.ts";
import type { ProblemCode } from "../codes.ts";
import { endingOf } from "../ending.ts";
import type { DeploymentFacts } from "../facts.ts";
import { type Finding, finding } from "../problem.ts";

/** Problems of the deployment itself: each detector is a pure function from facts to findings. */
export type Detector = {
  codes: readonly ProblemCode[];
  find: (facts: DeploymentFacts, now: number) => Finding[];
};

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const certificateSteps = [60, 30, 14, 7, 3, 1] as const;
const authoritySteps = [365, 180, 90, 60, 30, 14, 7, 3, 1] as const;
const appSteps = [30, 14, 7, 3, 1] as const;

/** What the network may do now and then comes after what somebody has set. */
const isPassing = ({ outcome }: OutsideFinding): boolean =>
  outcome === "unreachable" || outcome === "unexpected";
const byUrgency = (one: OutsideFinding, other: OutsideFinding): number =>
  Number(isPassing(one)) - Number(isPassing(other));

export const detectors: readonly Detector[] = [
  {
    codes: ["push-certificate-ends"],
    find: ({ push, enrolled }, now) => {
      const inUse = push.filter((row) => row.inUse);
      return inUse.flatMap(({ topic, account, notAfter }) => {
        const ending = endingOf(notAfter, certificateSteps, now);
        if (ending === undefined) return [];
        return finding("push-certificate-ends", ending.urgency, {
          subject: topic,
          stage: ending.stage,
          endsAt: notAfter,
          // No index has the topics of devices.
          devices: inUse.length === 1 ? enrolled.count : null,
          facts: { topic, account, ends_on: dayOf(notAfter), days_left: ending.daysLeft },
        });
      });
    },
  },
  {
    codes: ["push-certificate-missing"],
    find: ({ push, enrolled }) =>
      push.some((row) => row.inUse) || enrolled.count === 0
        ? []
        : [finding("push-certificate-missing", "urgent", { devices: enrolled.count })],
  },
  {
    codes: ["push-certificate-refused"],
    find: ({ push }) =>
      push
        .filter((row) => row.inUse)
        .flatMap(({ topic, account, trouble: reason }) =>
          reason === null
            ? []
            : finding("push-certificate-refused", "urgent", {
                subject: topic,
                facts: { topic, account, reason },
              }),
        ),
  },
  {
    codes: ["push-certificate-other-topic"],
    find: ({ push }, now) => {
      const inUse = push.filter((row) => row.inUse);
      return inUse.flatMap(({ topic, account, notAfter, createdAt }) => {
        const other = inUse.find(
          (row) => row.topic !== topic && row.createdAt > createdAt && row.createdAt > notAfter - 90 * day,
        );
        return other && notAfter - now <= 60 * day
          ? finding("push-certificate-other-topic", "urgent", {
              subject: topic,
              facts: { topic, account, other: other.topic },
            })
          : [];
      });
    },
  },
  {
    codes: ["push-certificate-account-unknown"],
    find: ({ push }) =>
      push
        .filter((row) => row.inUse && row.account === null)
        .map(({ id, topic }) =>
          finding("push-certificate-account-unknown", "notice", { subject: topic, facts: { topic, id } }),
        ),
  },
  {
    codes: ["authority-missing"],
    find: ({ authorities, enrolled }) =>
      authorities.some(({ issuing }) => issuing) || enrolled.count === 0
        ? []
        : [finding("authority-missing", "urgent", { devices: enrolled.count })],
  },
  {
    codes: ["authority-ends"],
    find: ({ authorities, enrolled }, now) =>
      authorities.flatMap(({ id, subject, notAfter, issuing }) => {
        const ending = endingOf(notAfter, authoritySteps, now);
        // The end of an authority that is only trusted, or no longer issues, is expected.
        if (ending === undefined || !issuing) return [];
        return finding("authority-ends", ending.urgency, {
          subject: id,
          stage: ending.stage,
          endsAt: notAfter,
          devices: enrolled.count,
          facts: { subject, ends_on: dayOf(notAfter), days_left: ending.daysLeft },
        });
      }),
  },
  {
    codes: ["identities-not-renewed"],
    find: ({ late: { count, first } }) =>
      first === null
        ? []
        : [
            finding("identities-not-renewed", "soon", {
              devices: count,
              endsAt: first.notAfter,
              facts: { count, device: first.deviceId, first_ends_on: dayOf(first.notAfter) },
            }),
          ],
  },
  {
    codes: ["identities-ended"],
    find: ({ ended: { count, first }, settings }) =>
      first === null
        ? []
        : [
            finding("identities-ended", "urgent", {
              devices: count,
              endsAt: first.notAfter + settings.identity_grace_days * day,
              facts: { count, device: first.deviceId, grace_days: settings.identity_grace_days },
            }),
          ],
  },
  {
    codes: ["provisioning-profile-ends"],
    find: ({ provisioning }, now) =>
      provisioning.flatMap(({ uuid, name, expiresAt }) => {
        const ending = endingOf(expiresAt, appSteps, now);
        if (ending === undefined) return [];
        return finding("provisioning-profile-ends", ending.urgency, {
          subject: uuid,
          stage: ending.stage,
          endsAt: expiresAt,
          facts: { name, uuid, ends_on: dayOf(expiresAt), days_left: ending.daysLeft },
        });
      }),
  },
  {
    codes: ["signing-certificate-ends"],
    find: ({ signing }, now) => {
      // The last uploaded one is used; earlier ones may end.
      const [last] = signing.toSorted((a, b) => b.uploadedAt - a.uploadedAt);
      const ending = last && endingOf(last.notAfter, certificateSteps, now);
      if (last === undefined || ending === undefined) return [];
      return [
        finding("signing-certificate-ends", ending.urgency, {
          subject: last.id,
          stage: ending.stage,
          endsAt: last.notAfter,
          facts: { subject: last.subject, ends_on: dayOf(last.notAfter), days_left: ending.daysLeft },
        }),
      ];
    },
  },
  {
    codes: ["devices-kept-out"],
    find: ({ selftest }) => {
      const [worst] = harmful(selftest?.findings ?? []).sort(byUrgency);
      if (selftest === undefined || worst === undefined) return [];
      const { request, outcome, detail, remedy } = worst;
      const facts = { address: selftest.address, request, outcome, detail, remedy };
      return [finding("devices-kept-out", isPassing(worst) ? "soon" : "urgent", { facts })];
    },
  },
  {
    codes: ["apple-list-stale"],
    find: ({ appleList: { isStale, takenAt, trouble } }) => {
      const last = takenAt === null ? null : dayOf(takenAt);
      return isStale ? [finding("apple-list-stale", "notice", { facts: { last, trouble } })] : [];
    },
  },
  {
    codes: ["backup-old"],
    find: ({ lastBackupAt, enrolled, settings }, now) => {
      const since = lastBackupAt ?? enrolled.firstAt;
      const days = settings.problem_backup_days;
      if (days === 0 || since === null || now - since <= days * day) return [];
      const last = lastBackupAt === null ? null : dayOf(lastBackupAt);
      return [finding("backup-old", "soon", { facts: { last } })];
    },
  },
];
