import * as v from "valibot";
import { appStates } from "../../../apps/states.ts";
import { type ListName, listNames } from "../../../mdm/inventory/inventory-facts.ts";
import { Time, TimeOrNull } from "../route/times.ts";

/** What a device reported about its state, as answers show it. What it did not report is absent. */
const text = v.optional(v.string());
const flag = v.optional(v.boolean());
const count = v.optional(v.number());

const InstalledApp = v.pipe(
  v.object({
    identifier: text,
    name: text,
    short_version: text,
    version: text,
    bundle_size: count,
    external_version_identifier: count,
    distributor_identifier: text,
    source: text,
    validated: flag,
    app_store: flag,
    device_licensed: flag,
    beta: flag,
    ad_hoc_signed: flag,
    app_clip: flag,
    update_available: flag,
    installing: flag,
    managed: v.optional(
      v.pipe(v.boolean(), v.description("Absent: the device has not told which apps it manages")),
    ),
    management_state: v.optional(
      v.pipe(v.string(), v.description("Apple's word, such as `Managed` or `Failed`; some are told once")),
    ),
    management_reasons: v.optional(v.array(v.string())),
    library_app: v.optional(
      v.pipe(
        v.object({ name: v.string(), state: v.picklist(appStates), reason: v.nullable(v.string()) }),
        v.description("The app of the library that brought it. Absent: none did"),
      ),
    ),
  }),
  v.title("InstalledApp"),
);

const ManagedApp = v.pipe(
  v.object({
    identifier: text,
    state: text,
    reasons: v.optional(v.array(v.string())),
    management_flags: count,
    has_configuration: flag,
    has_feedback: flag,
    validated: flag,
    external_version_identifier: count,
    unused_redemption_code: flag,
  }),
  v.title("ManagedApp"),
);

const InstalledPayload = v.object({
  type: text,
  identifier: text,
  uuid: text,
  version: count,
  display_name: text,
});

const InstalledProfile = v.pipe(
  v.object({
    identifier: text,
    uuid: text,
    version: count,
    display_name: text,
    organization: text,
    description: text,
    removal_disallowed: flag,
    has_removal_passcode: flag,
    encrypted: flag,
    managed: flag,
    source: text,
    signed: flag,
    payloads: v.array(InstalledPayload),
  }),
  v.title("InstalledProfile"),
);

const InstalledCertificate = v.pipe(
  v.object({
    common_name: text,
    is_identity: v.optional(v.pipe(v.boolean(), v.description("Whether the device has its private key"))),
    fingerprint: v.optional(v.pipe(v.string(), v.description("SHA-256 of the DER, hex"))),
    serial: text,
    subject: text,
    issuer: text,
    not_before: v.optional(Time),
    not_after: v.optional(Time),
    is_ca: flag,
  }),
  v.title("InstalledCertificate"),
);

const InstalledProvisioningProfile = v.pipe(
  v.object({ name: text, uuid: text, expires_at: v.optional(Time) }),
  v.title("InstalledProvisioningProfile"),
);

const DeviceUser = v.pipe(
  v.object({
    short_name: text,
    full_name: text,
    uid: count,
    guid: text,
    logged_in: flag,
    has_secure_token: flag,
    mobile_account: flag,
    has_data_to_sync: flag,
    data_quota: count,
    data_used: count,
  }),
  v.title("DeviceUser"),
);

const AvailableUpdate = v.pipe(
  v.object({
    product_key: text,
    name: text,
    version: text,
    build: text,
    supplemental_version: text,
    supplemental_build: text,
    download_size: count,
    install_size: count,
    critical: flag,
    security_response: flag,
    major: flag,
    firmware: flag,
    configuration_data: flag,
    restart_required: flag,
    allows_install_later: flag,
    requires_bootstrap_token: flag,
    deferred_until: v.optional(Time),
  }),
  v.title("AvailableUpdate"),
);

export const listItems = {
  apps: InstalledApp,
  "managed-apps": ManagedApp,
  "installed-profiles": InstalledProfile,
  "installed-certificates": InstalledCertificate,
  "provisioning-profiles": InstalledProvisioningProfile,
  users: DeviceUser,
  "available-updates": AvailableUpdate,
} as const satisfies { [Name in ListName]: v.GenericSchema };

/** These fields are on each page. */
export const listHead = {
  as_of: v.pipe(TimeOrNull, v.description("When the device reported it, to the hour; null: it never did")),
  total: v.pipe(
    v.number(),
    v.integer(),
    v.description("How many the device reported; the first 5,000 are kept"),
  ),
};

const ValuesAsOf = v.nullable(
  v.object({
    as_of: Time,
    values: v.pipe(
      v.record(v.string(), v.unknown()),
      v.description("The values by Apple's names, without secrets"),
    ),
  }),
);

export const Inventory = v.pipe(
  v.object({
    information: v.pipe(ValuesAsOf, v.description("What it answered to DeviceInformation")),
    security: v.pipe(ValuesAsOf, v.description("What it answered to SecurityInfo")),
    lists: v.array(v.object({ name: v.picklist(listNames), as_of: Time, total: v.number() })),
  }),
  v.title("Inventory"),
);
