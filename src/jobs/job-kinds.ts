import type { JobKind } from "./job-kind.ts";

/** Every kind of job: its name is the name of its object, so that one of a kind runs at a time. Loaded when it works. */
export const jobKinds = {
  repair: {
    summary: "Compares the directory with every device's object and mends what differs",
    load: async (): Promise<JobKind> => (await import("./kinds/repair.ts")).repair,
  },
  prune: {
    summary: "Deletes from the database what is older than the settings keep it",
    load: async (): Promise<JobKind> => (await import("./kinds/prune.ts")).prune,
  },
  reseal: {
    summary:
      "Moves every sealed value under the present MASTER_KEY, and says when nothing is left under another",
    load: async (): Promise<JobKind> => (await import("./kinds/reseal.ts")).reseal,
  },
  expiries: {
    summary: "Tells which provisioning profiles are about to end, and which have ended",
    load: async (): Promise<JobKind> => (await import("./kinds/expiries.ts")).expiries,
  },
  assign: {
    summary: "Tells devices that what they should have has changed",
    load: async (): Promise<JobKind> => (await import("./kinds/assign.ts")).assign,
  },
  "apple-systems": {
    summary: "Reads Apple's list of the systems that it signs",
    load: async (): Promise<JobKind> => (await import("./kinds/apple-systems.ts")).appleSystems,
  },
  "software-updates": {
    summary: "Notices newer systems, and turns the policies for software updates into declarations",
    load: async (): Promise<JobKind> => (await import("./kinds/software-updates.ts")).softwareUpdates,
  },
  problems: {
    summary: "Looks for what will end, is broken, or needs a person",
    load: async (): Promise<JobKind> => (await import("./kinds/problems.ts")).problems,
  },
  "fleet-problems": {
    summary: "Looks for devices, commands and assignments that need a person",
    load: async (): Promise<JobKind> => (await import("./kinds/fleet-problems.ts")).fleetProblems,
  },
  wake: {
    summary: "Wakes the devices whose commands waited for a push certificate",
    load: async (): Promise<JobKind> => (await import("./kinds/wake.ts")).wake,
  },
} as const satisfies Record<string, { summary: string; load: () => Promise<JobKind> }>;

export type JobName = keyof typeof jobKinds;

export const jobNames = Object.keys(jobKinds) as JobName[];

export const isJobName = (name: string): name is JobName => Object.hasOwn(jobKinds, name);
