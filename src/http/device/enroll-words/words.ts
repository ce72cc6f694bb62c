import type { StepsFor } from "../enroll-steps.ts";

export type EnrollProblem =
  | "unknown"
  | "expired"
  | "used-up"
  | "revoked"
  | "no-code"
  | "not-ready"
  | "too-old"
  | "fault";

/** The bits of AccessRights that people are told of. */
export type Right = 1 | 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256 | 512 | 1024 | 2048 | 4096;

/** All that the pages of enrollment say, in one language. Names of menus are those of Apple's systems in it. */
export type Words = {
  /** For dates. */
  locale: string;
  title: (organization: string) => string;
  heading: (organization: string) => string;
  button: string;
  intro: (organization: string, host: string) => string;
  /** Beside the QR code, on a Mac and on a computer that cannot be enrolled. */
  scan: string;
  elsewhere: string;
  qr: string;
  notForUse: string;
  placeholder: string;
  sees: (organization: string) => string;
  does: (organization: string) => string;
  rights: Record<Right, string>;
  /** A user enrollment, which reaches only what belongs to work. */
  userSees: readonly string[];
  userDoes: readonly string[];
  privacy: string;
  removable: string;
  consent: string;
  until: (time: string) => string;
  contact: string;
  after: string;
  steps: Record<StepsFor, { title: string; steps: readonly string[] }>;
  problems: Record<EnrollProblem, { title: string; why: string; next: string }>;
};
