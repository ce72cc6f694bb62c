import * as v from "valibot";
import { minimumVersions, platformSso } from "./enrollment-policies.ts";
import { passcodePolicy } from "./passcode-policy.ts";
import { setupAccounts } from "./setup-accounts.ts";

/**
 * What can be set while the server runs: each with its form, its default and what it does. The API, its description
 * and whoever reads a setting take all of that from here. Variables of the deployment are in `env.ts` instead.
 */
const wholeNumber = (from: number, to: number, description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to), v.description(description));

const flag = (description: string) => v.pipe(v.boolean(), v.description(description));

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
      v.description("Whom people may write to; told to devices that have declarations"),
    ),
    null,
  ),
  organization_url: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(), v.url("must be a URL"), v.maxLength(500))),
      v.description("The organization's own page; told to devices that have declarations"),
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
    wholeNumber(
      0,
      365,
      "For how many days an expired identity may still fetch its renewal, and nothing else",
    ),
    30,
  ),
  identity_overlap_days: v.optional(
    wholeNumber(0, 365, "For how many days the old identity is accepted after the first use of the new one"),
    14,
  ),
  renewal_requests_per_day: v.optional(
    wholeNumber(
      0,
      100,
      "How many renewals a day a device's identity may ask for by itself (SCEP RenewalReq); Apple devices never do",
    ),
    5,
  ),
  allow_replacement: v.optional(
    flag("Whether an enrolled device may be replaced by an enrollment that does not name it"),
    false,
  ),
  serial_conflict: v.optional(
    v.pipe(
      v.picklist(["refuse", "flag"]),
      v.description(
        "What becomes of a device that enrolls with the serial number of another enrolled one; `flag`: both stay enrolled, and the number counts for the first alone",
      ),
    ),
    "refuse",
  ),
  trust_reported_identifiers: v.optional(
    flag(
      "Whether sets and batches that name a serial number or a user reach devices that only say so, for which nobody vouched",
    ),
    false,
  ),
  user_channels_per_device: v.optional(
    wholeNumber(20, 10_000, "How many users of one device are managed; one more is refused"),
    500,
  ),
  unknown_device: v.optional(
    v.pipe(
      v.picklist(["refuse", "unenroll"]),
      v.description(
        "How a device that is not enrolled here is answered; `unenroll` makes it drop its profile",
      ),
    ),
    "refuse",
  ),
  user_authenticate: v.optional(
    v.pipe(
      v.picklist(["decline", "empty-challenge"]),
      v.description("How a user channel that asks to be managed is answered; `empty-challenge` accepts it"),
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
    wholeNumber(1, 3650, "For how many days a device keeps a finished command"),
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
      "How long a batch of a command that cannot be taken back waits before the first one leaves, in minutes",
    ),
    10,
  ),
  destructive_targets_per_hour: v.optional(
    wholeNumber(1, 10_000, "How many devices such batches may reach in an hour, all together"),
    500,
  ),
  return_to_service: v.optional(
    flag("Whether a device in return-to-service mode erases itself and joins again without anybody's help"),
    false,
  ),
  return_to_service_wifi_profile: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(), v.base64("must be base64"), v.maxLength(200_000))),
      v.description("The Wi-Fi profile for that, base64; null: the device has Ethernet"),
    ),
    null,
  ),
  push_idle_seconds: v.optional(
    wholeNumber(1, 3600, "For how many seconds without a push the connection to Apple is kept open"),
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
      "In every how many-th round a device is asked for its lists too, and not for its facts alone",
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
      "How old an attestation by Apple may be before a device is asked for another, in days, of which Apple wants 7 at least; 0: none is asked for",
    ),
    0,
  ),
  provided_declarations: v.optional(
    v.pipe(
      v.picklist(["none", "with_others", "everywhere"]),
      v.description(
        "Who gets the server's own declarations (organization, capabilities, tags and attributes as properties): nobody, channels that have others, or every channel",
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
  status_items: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.array(statusItem), v.maxLength(200))),
      v.description(
        "What channels with declarations report, beside what their predicates ask for and as far as they can; null: what inventory and software updates are told by",
      ),
    ),
    null,
  ),
  problem_silent_days: v.optional(
    wholeNumber(0, 365, "After how many days without a word a device counts among the problems; 0: never"),
    30,
  ),
  problem_queue_days: v.optional(
    wholeNumber(
      1,
      365,
      "After how many days commands that wait, on a device that connects, count among the problems",
    ),
    7,
  ),
  problem_backup_days: v.optional(
    wholeNumber(0, 365, "After how many days without a backup that is a problem; 0: never"),
    30,
  ),
  calendar_key: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.minLength(32), v.maxLength(100))),
      v.description("What opens the calendar of problems, `/api/v1/problems.ics?key=`; null: nothing does"),
    ),
    null,
  ),
  events_days: v.optional(
    wholeNumber(1, 3650, "For how many days events, and the headers of commands that are over, stay listed"),
    90,
  ),
  audit_days: v.optional(wholeNumber(30, 3650, "For how many days the audit log is kept"), 365),
} as const;

/** Sealed in the database and masked in every answer. */
export const secretSettings: readonly SettingName[] = [
  "static_challenge",
  "return_to_service_wifi_profile",
  "calendar_key",
];

export const settingsSchema = v.strictObject(settingEntries);

export type SettingName = keyof typeof settingEntries;
export type Settings = v.InferOutput<typeof settingsSchema>;

type PatchEntries = {
  [Name in SettingName]: v.ExactOptionalSchema<(typeof settingEntries)[Name]["wrapped"], undefined>;
};

/** The same without defaults: what is not named stays as it is. */
export const settingsPatch = v.strictObject(
  Object.fromEntries(
    Object.entries(settingEntries).map(([name, { wrapped }]) => [name, v.exactOptional(wrapped)]),
  ) as unknown as PatchEntries,
);

export type SettingsPatch = v.InferOutput<typeof settingsPatch>;

/** What must hold between settings. */
export function settingsConflict(settings: Settings): { name: SettingName; detail: string } | undefined {
  const { identity_validity_days: validity, identity_renewal_days: renewal } = settings;
  if (renewal >= validity) {
    return {
      name: "identity_renewal_days",
      detail: `must be less than identity_validity_days, which is ${validity}: an identity would be due for renewal at birth`,
    };
  }
  return undefined;
}
