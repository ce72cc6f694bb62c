import * as v from "valibot";
import { certificateUses } from "./certificate-uses.ts";
import { minimumVersions, platformSso } from "./enrollment-policies.ts";
import { logo } from "./logo.ts";
import { passcodePolicy } from "./passcode-policy.ts";
import { defaultPosturePolicy, postureAccess, postureCallers, posturePolicy } from "./posture.ts";
import { setupAccounts } from "./setup-accounts.ts";

/**
 * The settings that can change while the server runs, each with its form, default and description. The API, OpenAPI and
 * all readers of settings use this table. Variables of the deployment are in `env.ts` instead.
 */
const wholeNumber = (from: number, to: number, description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to), v.description(description));

const flag = (description: string) => v.pipe(v.boolean(), v.description(description));

const mailAddress = v.pipe(
  v.string(),
  v.email("must be an address such as it@example.com"),
  v.maxLength(254),
);

/** `mail/words` has a table for each. */
export const mailLanguages = ["en", "de", "fr", "es", "ja"] as const;

const statusItem = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "must be the name of a status item, such as passcode.is-compliant"),
);

export const settingEntries = {
  organization: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1),
      v.maxLength(100),
      v.description("The name people read on enrollment pages and in profiles"),
    ),
    "edgemdm",
  ),
  organization_email: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(), v.email("must be an address such as it@example.com"), v.maxLength(254))),
      v.description("The address that people may write to; devices with declarations get it"),
    ),
    null,
  ),
  organization_phone: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.string(),
          v.minLength(3),
          v.maxLength(40),
          v.regex(/^\+?[0-9][0-9 ().-]+$/, "must be a number such as +49 30 1234567"),
        ),
      ),
      v.description("The number that people may call with questions about their device"),
    ),
    null,
  ),
  organization_url: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.string(),
          v.url("must be a URL"),
          v.regex(/^https?:\/\//, "must begin with https:// or http://"),
          v.maxLength(500),
        ),
      ),
      v.description("The organization's own page; devices with declarations get it"),
    ),
    null,
  ),
  organization_color: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(v.string(), v.length(7), v.regex(/^#[0-9a-fA-F]{6}$/, "must be a color such as #0a58ca")),
      ),
      v.description(
        "The color of buttons on the pages for people; their text is black or white, as it reads best",
      ),
    ),
    null,
  ),
  organization_logo: v.optional(
    v.pipe(
      v.nullable(logo),
      v.description(
        "The picture on the pages for people: an https address, or a data URL of a PNG, JPEG, GIF, WebP or SVG picture of at most 48 KiB",
      ),
    ),
    null,
  ),
  identity_validity_days: v.optional(
    wholeNumber(1, 3650, "How long an issued device identity is valid, in days"),
    397,
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
      0,
      100,
      "How many renewals a day a device's identity may request by itself (SCEP RenewalReq); Apple devices never do",
    ),
    5,
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
      v.nullable(v.pipe(v.string(), v.minLength(16), v.maxLength(255))),
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
  ade_unknown_device: v.optional(
    v.pipe(
      v.picklist(["refuse", "enroll"]),
      v.description(
        "What becomes of a device at the address of automated enrollment that no account of Apple's portal has, even after these were asked",
      ),
    ),
    "refuse",
  ),
  ade_minimum_versions: v.optional(
    v.pipe(
      minimumVersions,
      v.description(
        "The system that a device must have to enroll automatically, by platform and account; it is asked to update first, if a release at least as new is known",
      ),
    ),
    [],
  ),
  ade_platform_sso: v.optional(
    v.pipe(
      v.nullable(platformSso),
      v.description(
        "Where Macs that can find their sign-in before automated enrollment (macOS 26, Platform SSO); null: none",
      ),
    ),
    null,
  ),
  ade_watch_pairing: v.optional(
    flag("Whether an Apple Watch enrolls only if the managed phone that it is paired with speaks for it"),
    true,
  ),
  setup_minutes: v.optional(
    wholeNumber(
      1,
      120,
      "For how many minutes at most a device that awaits configuration is held in Setup Assistant",
    ),
    10,
  ),
  setup_step_minutes: v.optional(wholeNumber(1, 120, "For how many minutes one step of that may hold it"), 5),
  setup_accounts: v.optional(
    v.pipe(
      v.nullable(setupAccounts),
      v.description(
        "The accounts that Macs are set up with; `administrator` gets a password of its own on each Mac, which is escrowed as managed-admin; null: Setup Assistant asks as usual",
      ),
    ),
    null,
  ),
  setup_recovery_lock: v.optional(
    flag("Whether Macs get a recovery lock as they are set up, with a password of their own, in escrow"),
    false,
  ),
  escrow_rotation_hours: v.optional(
    wholeNumber(
      0,
      8760,
      "How many hours after somebody has read a Mac's FileVault key, recovery lock or managed administrator's password the Mac gets another one; 0: never",
    ),
    24,
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
  problem_silent_days: v.optional(
    wholeNumber(0, 365, "After how many days without a message a device becomes a problem; 0: never"),
    30,
  ),
  problem_queue_days: v.optional(
    wholeNumber(1, 365, "After how many days waiting commands become a problem, on a device that connects"),
    7,
  ),
  problem_backup_days: v.optional(
    wholeNumber(0, 365, "After how many days a missing backup becomes a problem; 0: never"),
    30,
  ),
  platform_database_mb: v.optional(
    wholeNumber(
      1,
      10_000_000,
      "How large the database may become, in MB: 10000 with a paid plan of Cloudflare, 500 without; from 50 % on it is a problem",
    ),
    10_000,
  ),
  release_url: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.string(),
          v.url("must be a URL"),
          v.regex(/^https:\/\//, "must begin with https://"),
          v.maxLength(500),
        ),
      ),
      v.description(
        "Where to ask once a day for the newest release, as JSON with `tag_name` or `version`; null: nowhere",
      ),
    ),
    null,
  ),
  calendar_key: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.minLength(32), v.maxLength(100))),
      v.description(
        "The key in the address of the calendar of problems, `/api/v1/problems.ics?key=`; null: the calendar is closed",
      ),
    ),
    null,
  ),
  posture_callers: v.optional(
    v.pipe(
      v.nullable(postureCallers),
      v.description(
        "The service tokens that Cloudflare asks `/api/v1/posture` with, as `client_id` and `client_secret`, two at most; null: nobody may ask",
      ),
    ),
    null,
  ),
  posture_access: v.optional(
    v.pipe(
      v.nullable(postureAccess),
      v.description(
        "The Access application in front of `/api/v1/posture`, as `issuer` and `audience`; null: there is none",
      ),
    ),
    null,
  ),
  posture_policy: v.optional(
    v.pipe(
      posturePolicy,
      v.description(
        "The points of each part of a device's posture, 100 together; `seen_days` is how recent its last message must be",
      ),
    ),
    defaultPosturePolicy,
  ),
  mail_from: v.optional(
    v.pipe(
      v.nullable(mailAddress),
      v.description("The address that mail is from, which the platform must know; null: no mail is sent"),
    ),
    null,
  ),
  mail_to: v.optional(
    v.pipe(v.array(mailAddress), v.maxLength(20), v.description("Who gets messages about problems")),
    [],
  ),
  mail_language: v.optional(
    v.pipe(v.picklist(mailLanguages), v.description("The language of mail, except for the problems in it")),
    "en",
  ),
  mail_digest_hour: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23))),
      v.description("The hour (UTC) after which the list of problems is sent each day; null: never"),
    ),
    6,
  ),
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
