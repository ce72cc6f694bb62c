import type { AdeReason } from "../../../ade/apple-codes.ts";
import type { Check } from "../../../apple-business/migration-readiness.ts";
import type { BusinessReason } from "../../../business-api/refusals.ts";
import type { Outcome } from "../../../selftest/judge.ts";
import type { PauseKind } from "../../../webhooks/paused.ts";
import type { MailLack } from "../../detectors/mail-lack.ts";
import type { RiskySetting } from "../../detectors/settings.ts";
import type { Metric } from "../../usage/daily-limits.ts";
import { type Facts, said } from "../wording.ts";

/**
 * The parts of a problem's words that depend on what was found. In English they come with the facts, from where the cause is
 * known; another language says them by the code that is in the facts beside them.
 */
export type Remedies = {
  settings: Readonly<Record<RiskySetting, { what: string; remedy: string }>>;
  outcomes: Readonly<Record<Exclude<Outcome, "ours">, { what: string; remedy: string }>>;
  accounts: Readonly<Record<AccountRemedy, string>>;
  checks: Readonly<Record<Check["check"], string>>;
  limits: Readonly<Record<Metric, string>>;
  paused: Readonly<Record<PauseKind, string>>;
  mail: Readonly<Record<MailLack, string>>;
};

type AccountRemedy =
  | "terms"
  | "rights"
  | "token"
  | "key"
  | "user-agent"
  | "profile"
  | "beta"
  | "wait"
  | "in-between"
  | "ask-apple"
  | "report";

const adeRemedies: Readonly<Record<AdeReason, AccountRemedy>> = {
  "terms-not-accepted": "terms",
  "access-denied": "rights",
  "token-dead": "token",
  "token-expired": "token",
  "token-rejected": "token",
  "too-many-requests": "wait",
  "bad-signature": "report",
  "user-agent-refused": "user-agent",
  "request-refused": "report",
  "device-not-found": "report",
  "not-found": "report",
  "cursor-invalid": "wait",
  "cursor-expired": "wait",
  "cursor-exhausted": "wait",
  "profile-refused": "profile",
  "profile-not-found": "profile",
  "discovery-url-refused": "profile",
  "discovery-not-set": "profile",
  "organisation-not-supported": "ask-apple",
  "beta-turned-off": "beta",
  "apple-unavailable": "wait",
  unreachable: "wait",
  "no-answer-in-time": "wait",
  "unreadable-answer": "in-between",
  "endless-cursor": "wait",
};

const keyRemedies: Readonly<Record<BusinessReason, AccountRemedy>> = {
  "client-refused": "key",
  "key-refused": "key",
  "key-revoked": "key",
  "token-rejected": "key",
  forbidden: "rights",
  "not-found": "report",
  conflict: "report",
  "request-refused": "report",
  "not-acceptable": "report",
  "too-many-requests": "wait",
  "apple-unavailable": "wait",
  unreachable: "wait",
  "no-answer-in-time": "wait",
  "unreadable-answer": "in-between",
};

/** What to do about an account that Apple does not serve, and in brackets Apple's own word for it. */
export const accountRemedy = (
  { accounts }: Remedies,
  kind: "token" | "key",
  { reason, word, remedy }: Facts,
): string => {
  const known = said<AccountRemedy>(kind === "token" ? adeRemedies : keyRemedies, reason);
  return `${known === undefined ? remedy : accounts[known]} (${word ?? reason})`;
};
