import * as v from "valibot";
import { certificateUses } from "./certificate-uses.ts";
import { appsEntries } from "./entries/apps.ts";
import { automatedEntries } from "./entries/automated.ts";
import { flag, wholeNumber } from "./entries/forms.ts";
import { mailEntries } from "./entries/mail.ts";
import { organizationEntries } from "./entries/organization.ts";
import { postureEntries } from "./entries/posture.ts";
import { problemsEntries } from "./entries/problems.ts";
import { rolloutEntries } from "./entries/rollouts.ts";
import { identityValidity, renewalsPerDay, staticChallengeLength } from "./identity-bounds.ts";
import { passcodePolicy } from "./passcode-policy.ts";

const statusItem = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "must be the name of a status item, such as passcode.is-compliant"),
);

/**
 * The settings that can change while the server runs, each with its form, default and description. The API, OpenAPI and
 * all readers of settings use this table. Variables of the deployment are in `env.ts` instead.
 */
export const settingEntries = {
  ...organizationEntries,
  identity_validity_days: v.optional(
    wholeNumber(
      identityValidity.least,
      identityValidity.most,
      "How long an issued device identity is valid, in days",
    ),
    identityValidity.otherwise,
  ),
  identity_renewal_days: v.optional(
    wholeNumber(1, 3649, "How many days before its end an identity is renewed"),
    60,
  ),
  identity_grace_days: v.optional(
    wholeNumber(0, 365, "How many days an expired identity may still fetch its renewal, and nothing else"),
    30,
  ),
  identity_overlap_days: v.optional(
    wholeNumber(0, 365, "How many days the old identity is accepted after the first use of the new one"),
    14,
  ),
  renewal_requests_per_day: v.optional(
    wholeNumber(
      renewalsPerDay.least,
      renewalsPerDay.most,
      "How many renewals a day a device's identity may request by itself (SCEP RenewalReq); Apple devices never do",
    ),
    renewalsPerDay.otherwise,
  ),
  allow_replacement: v.optional(
    flag("Whether an enrollment that does not name a device may replace the enrollment of that device"),
    false,
  ),
  serial_conflict: v.optional(
    v.pipe(
      v.picklist(["refuse", "flag"]),
      v.description(
        "What happens to a device that enrolls with the serial number of another enrolled device; `flag`: both stay enrolled, and the number belongs only to the first",
      ),
    ),
    "refuse",
  ),
  trust_reported_identifiers: v.optional(
    flag(
      "Whether sets and batches that name a serial number or a user also reach devices that only claim it without proof",
    ),
    false,
  ),
  user_channels_per_device: v.optional(
    wholeNumber(20, 10_000, "How many users of one device are managed; more are refused"),
    500,
  ),
  unknown_device: v.optional(
    v.pipe(
      v.picklist(["refuse", "unenroll"]),
      v.description(
        "The answer to a device that is not enrolled here; `unenroll` makes it remove its profile",
      ),
    ),
    "refuse",
  ),
  user_authenticate: v.optional(
    v.pipe(
      v.picklist(["decline", "empty-challenge"]),
      v.description("The answer to a user channel that asks to be managed; `empty-challenge` accepts it"),
    ),
    "decline",
  ),
  static_challenge: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(v.string(), v.minLength(staticChallengeLength.least), v.maxLength(staticChallengeLength.most)),
      ),
      v.description("A SCEP challenge that may be used any number of times; null: only one-time challenges"),
    ),
    null,
  ),
  finished_commands_kept: v.optional(
    wholeNumber(0, 10_000, "How many finished commands a device keeps with their results"),
    200,
  ),
  finished_commands_days: v.optional(
    wholeNumber(1, 3650, "How many days a device keeps a finished command"),
    90,
  ),
  command_expiry_days: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650))),
      v.description("After how many days an unanswered command expires; null: never"),
    ),
    null,
  ),
  destructive_hold_minutes: v.optional(
    wholeNumber(
      0,
      1_440,
      "How long a batch with a command that cannot be undone waits before the first command is given, in minutes",
    ),
    10,
  ),
  destructive_targets_per_hour: v.optional(
    wholeNumber(1, 10_000, "How many devices all such batches together may reach in an hour"),
    500,
  ),
  compat_destructive: v.optional(
    flag(
      "Whether the APIs of other tools may send a command that cannot be undone to several devices in one call, although nobody can confirm the number",
    ),
    false,
  ),
  migration: v.optional(
    flag(
      "Whether `PUT /migration` takes over the devices of a NanoMDM server; to be switched off when they are here",
    ),
    false,
  ),
  return_to_service: v.optional(
    flag("Whether a device in return-to-service mode erases itself and enrolls again automatically"),
    false,
  ),
  return_to_service_wifi_profile: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(), v.base64("must be base64"), v.maxLength(200_000))),
      v.description("The Wi-Fi profile for Return to Service, base64; null: the device has Ethernet"),
    ),
    null,
  ),
  push_idle_seconds: v.optional(
    wholeNumber(1, 3600, "How many seconds without a push the connection to Apple stays open"),
    10,
  ),
  inventory_interval_hours: v.optional(
    wholeNumber(0, 720, "How often a device is asked for its inventory, in hours; 0: never"),
    24,
  ),
  inventory_lists_every: v.optional(
    wholeNumber(
      1,
      90,
      "A device is asked for its lists once in this number of rounds; in the others only for its facts",
    ),
    1,
  ),
  inventory_at_enrollment: v.optional(
    flag("Whether a device is asked for its inventory as soon as it is enrolled"),
    true,
  ),
  attestation_interval_days: v.optional(
    wholeNumber(
      0,
      365,
      "The age in days of an attestation by Apple at which a device is asked for a new one; Apple wants 7 at least; 0: never",
    ),
    0,
  ),
  certificate_uses: v.optional(
    v.pipe(
      certificateUses,
      v.description(
        "Certificates besides identities, such as for a Wi-Fi network, that assets of the type com.apple.asset.credential.acme may ask for: who gets them, for which key, with which names, and for how long",
      ),
    ),
    [],
  ),
  provided_declarations: v.optional(
    v.pipe(
      v.picklist(["none", "with_others", "everywhere"]),
      v.description(
        "Which channels get the server's own declarations (organization, capabilities, tags and attributes as properties): none, those with other declarations, or all",
      ),
    ),
    "with_others",
  ),
  passcode_policy: v.optional(
    v.pipe(
      v.nullable(passcodePolicy),
      v.description("Apple's passcode settings, declared on every device; null: none"),
    ),
    null,
  ),
  ...rolloutEntries,
  ...automatedEntries,
  escrow_rotation_hours: v.optional(
    wholeNumber(
      0,
      8760,
      "How many hours after somebody has read a Mac's FileVault key, recovery lock or managed administrator's password the Mac gets another one; 0: never",
    ),
    24,
  ),
  escrow_reason_required: v.optional(
    flag("Whether an escrowed secret is shown only to those who say why they read it (`reason`)"),
    false,
  ),
  status_items: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.array(statusItem), v.maxLength(200))),
      v.description(
        "The status items that channels with declarations report, besides those in their predicates, if they support them; null: those that inventory and software updates need",
      ),
    ),
    null,
  ),
  ...problemsEntries,
  ...appsEntries,
  ...postureEntries,
  ...mailEntries,
  events_days: v.optional(
    wholeNumber(1, 3650, "How many days events and the headers of finished commands stay listed"),
    90,
  ),
  audit_days: v.optional(wholeNumber(30, 3650, "How many days the audit log is kept"), 365),
} as const;

/** Sealed in the database and masked in every answer. */
export const secretSettings: readonly SettingName[] = [
  "static_challenge",
  "return_to_service_wifi_profile",
  "calendar_key",
  "cloudflare_api_token",
  "posture_callers",
];

export const settingsSchema = v.strictObject(settingEntries);

export type SettingName = keyof typeof settingEntries;
export type Settings = v.InferOutput<typeof settingsSchema>;

type PatchEntries = {
  [Name in SettingName]: v.ExactOptionalSchema<(typeof settingEntries)[Name]["wrapped"], undefined>;
};

/** The same without defaults: settings that are not named stay unchanged. */
export const settingsPatch = v.strictObject(
  Object.fromEntries(
    Object.entries(settingEntries).map(([name, { wrapped }]) => [name, v.exactOptional(wrapped)]),
  ) as unknown as PatchEntries,
);

export type SettingsPatch = v.InferOutput<typeof settingsPatch>;

/** Rules between two settings. */
export function settingsConflict(settings: Settings): { name: SettingName; detail: string } | undefined {
  const { identity_validity_days: validity, identity_renewal_days: renewal } = settings;
  if (renewal >= validity) {
    return {
      name: "identity_renewal_days",
      detail: `must be less than identity_validity_days, which is ${validity}: otherwise a new identity would be due for renewal at once`,
    };
  }
  return undefined;
}
