import type { JobKind } from "./job-kind.ts";

/** Every kind of job. Its name is the name of its object, so each kind has one run at a time. Loaded when it runs. */
export const jobKinds = {
  repair: {
    summary: "Compares the directory with every device's object and corrects differences",
    load: async (): Promise<JobKind> => (await import("./kinds/repair.ts")).repair,
  },
  prune: {
    summary: "Deletes old data from the database, according to the settings",
    load: async (): Promise<JobKind> => (await import("./kinds/prune.ts")).prune,
  },
  reseal: {
    summary:
      "Seals every value again with the present MASTER_KEY, and says when nothing is left under another key",
    load: async (): Promise<JobKind> => (await import("./kinds/reseal.ts")).reseal,
  },
  expiries: {
    summary:
      "Reports provisioning profiles and signing certificates that end soon or have ended, and has devices renew certificates",
    load: async (): Promise<JobKind> => (await import("./kinds/expiries.ts")).expiries,
  },
  assign: {
    summary: "Notifies devices of changes in what they should have",
    load: async (): Promise<JobKind> => (await import("./kinds/assign.ts")).assign,
  },
  rollouts: {
    summary: "Counts how far rollouts are, opens their next rings, and halts those that go wrong",
    load: async (): Promise<JobKind> => (await import("./kinds/rollouts.ts")).rollouts,
  },
  "apple-systems": {
    summary: "Reads Apple's list of the systems that it signs",
    load: async (): Promise<JobKind> => (await import("./kinds/apple-systems.ts")).appleSystems,
  },
  "software-updates": {
    summary: "Notices newer systems and turns the policies for software updates into declarations",
    load: async (): Promise<JobKind> => (await import("./kinds/software-updates.ts")).softwareUpdates,
  },
  selftest: {
    summary: "Asks the public address from outside, as devices do",
    load: async (): Promise<JobKind> => (await import("./kinds/selftest.ts")).selftest,
  },
  problems: {
    summary: "Looks for what will end, is broken, or needs a person to act",
    load: async (): Promise<JobKind> => (await import("./kinds/problems.ts")).problems,
  },
  "fleet-problems": {
    summary: "Looks for devices, commands and assignments that need a person to act",
    load: async (): Promise<JobKind> => (await import("./kinds/fleet-problems.ts")).fleetProblems,
  },
  "left-licences": {
    summary: "Takes back the licences of devices and people that left, after the days of the settings",
    load: async (): Promise<JobKind> => (await import("./kinds/left-licences.ts")).leftLicences,
  },
  releases: {
    summary: "Asks whether there is a newer release, where the setting release_url says",
    load: async (): Promise<JobKind> => (await import("./kinds/releases.ts")).releases,
  },
  mail: {
    summary: "Sends messages about problems: what is urgent at once, all of them once a day",
    load: async (): Promise<JobKind> => (await import("./kinds/mail.ts")).mail,
  },
  summary: {
    summary: "Counts a large fleet, for the summary of it",
    load: async (): Promise<JobKind> => (await import("./kinds/summary.ts")).summary,
  },
  packages: {
    summary:
      "Gives up uploads of packages that nobody continues, and removes files that no package has any more",
    load: async (): Promise<JobKind> => (await import("./kinds/packages.ts")).packages,
  },
  wake: {
    summary: "Wakes the devices whose commands waited for a push certificate",
    load: async (): Promise<JobKind> => (await import("./kinds/wake.ts")).wake,
  },
} as const satisfies Record<string, { summary: string; load: () => Promise<JobKind> }>;

export type JobName = keyof typeof jobKinds;

export const jobNames = Object.keys(jobKinds) as JobName[];

export const isJobName = (name: string): name is JobName => Object.hasOwn(jobKinds, name);
