import type { DeploymentFacts } from "../facts.ts";
import { finding } from "../problem.ts";
import type { Detector } from "./deployment.ts";
import { mailLackOf, mailLacks } from "./mail-lack.ts";

/** Settings that are allowed but less safe than possible. */
type Risk = { subject: string; what: string; remedy: string; holds: (facts: DeploymentFacts) => boolean };

const patch = (name: string, value: string): string => `PATCH /api/v1/settings with {"${name}": ${value}}.`;

const risks = [
  {
    subject: "PUBLIC_URL",
    what: "The server has no configured address, and uses the one in each request",
    remedy: "Set PUBLIC_URL, or a custom domain (docs/configuration.md).",
    holds: ({ hasAddress }) => !hasAddress,
  },
  {
    subject: "MASTER_KEY_PREVIOUS",
    what: "The previous master key is still set",
    remedy: "Run the job reseal, and remove MASTER_KEY_PREVIOUS when it says so.",
    holds: ({ isMasterKeyChanging }) => isMasterKeyChanging,
  },
  {
    subject: "WEBHOOK_ALLOW_LOCAL",
    what: "Webhooks may go to private addresses and without TLS",
    remedy: "Remove WEBHOOK_ALLOW_LOCAL: it is for development.",
    holds: ({ takesLocalWebhooks }) => takesLocalWebhooks,
  },
  {
    subject: "SCEP_LEGACY_CIPHERS",
    what: "SCEP accepts broken ciphers",
    remedy: "Remove SCEP_LEGACY_CIPHERS when no client needs it any more.",
    holds: ({ takesOldCiphers }) => takesOldCiphers,
  },
  {
    subject: "static_challenge",
    what: "Anyone who knows the static challenge can get any number of identities",
    remedy: patch("static_challenge", "null"),
    holds: ({ settings }) => settings.static_challenge !== null,
  },
  {
    subject: "allow_replacement",
    what: "An enrollment that does not name a device may replace an enrolled one",
    remedy: patch("allow_replacement", "false"),
    holds: ({ settings }) => settings.allow_replacement,
  },
  {
    subject: "trust_reported_identifiers",
    what: "A device that only claims a serial number gets what is meant for that number",
    remedy: patch("trust_reported_identifiers", "false"),
    holds: ({ settings }) => settings.trust_reported_identifiers,
  },
  {
    subject: "unknown_device",
    what: "An unknown device is told to remove its profile",
    remedy: patch("unknown_device", '"refuse"'),
    holds: ({ settings }) => settings.unknown_device === "unenroll",
  },
  {
    subject: "migration",
    what: "The door for the fleet of another server is open",
    remedy: `When the fleet is here: ${patch("migration", "false")}`,
    holds: ({ settings }) => settings.migration,
  },
  {
    subject: "compat_destructive",
    what: "Scripts of other tools may erase many devices in one call, without a confirmation",
    remedy: patch("compat_destructive", "false"),
    holds: ({ settings }) => settings.compat_destructive,
  },
] as const satisfies readonly Risk[];

export type RiskySetting = (typeof risks)[number]["subject"];

export const settingDetectors: readonly Detector[] = [
  {
    codes: ["unsafe-setting"],
    find: (facts) =>
      risks
        .filter((risk: Risk) => risk.holds(facts))
        .map(({ subject, what, remedy }) =>
          finding("unsafe-setting", "notice", { subject, facts: { setting: subject, what, remedy } }),
        ),
  },
  {
    codes: ["mail-not-sent"],
    find: ({ settings, mail: { isBound, state } }) => {
      const { mail_from: from, mail_to: to } = settings;
      if (to.length === 0) return [];
      const lacks = mailLackOf(isBound, from);
      const trouble = lacks === null ? state.trouble : mailLacks[lacks];
      const facts = { to: to.join(", "), trouble, lacks };
      return trouble === null ? [] : [finding("mail-not-sent", "soon", { facts })];
    },
  },
];
