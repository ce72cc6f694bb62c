import * as v from "valibot";
import { accountKinds, modelFamilies } from "../../../enrollment/account/rules.ts";
import { attestationPolicies, signInMethods } from "../../../enrollment/enrollment-setting-values.ts";
import { enrollmentModes } from "../../../profiles/mdm-payload.ts";

/** The settings for enrollment profiles, as they are sent and answered. */
const text = (description: string, longest = 500) =>
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(longest), v.description(description));
const flag = (description: string) => v.pipe(v.boolean(), v.description(description));
const when = (description: string) =>
  v.pipe(
    v.string(),
    v.isoTimestamp("must be a time such as 2026-11-21T08:00:00Z"),
    v.description(description),
  );
const whole = (from: number, to: number, description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to), v.description(description));

// The rules of the MDM payload check the ranges and forms of its keys, all together, once the types are right.
export const mdm = {
  Topic: text("The UID of the push certificate; a device keeps it for life"),
  ServerURL: text("The address where devices connect; `/mdm` of this server unless set"),
  CheckInURL: text("The address where devices check in; ServerURL unless set"),
  AccessRights: v.pipe(v.number(), v.description("The sum of rights; an update can only take rights away")),
  SignMessage: flag("Devices sign every request; this is how the server knows them"),
  CheckOutWhenRemoved: flag("The device sends CheckOut when the profile is removed"),
  ServerCapabilities: v.array(v.string()),
  EnrollmentMode: v.picklist(enrollmentModes),
  AssignedManagedAppleID: text("The Managed Apple Account of the person"),
  ManagedAppleID: text("The same account, for user enrollment before iOS 18 and macOS 15"),
  RequiredAppIDForMDM: v.pipe(v.number(), v.integer(), v.minValue(1)),
  ServerURLPinningCertificateUUIDs: v.array(v.string()),
  CheckInURLPinningCertificateUUIDs: v.array(v.string()),
  PinningRevocationCheckRequired: v.boolean(),
  PromptUserToAllowBootstrapTokenForAuthentication: v.boolean(),
  UseDevelopmentAPNS: v.boolean(),
};

const relativeName = v.array(v.array(v.strictTuple([v.string(), v.string()])));

export const scep = {
  Name: text("Sent as the message of GetCACert"),
  Subject: v.pipe(
    relativeName,
    v.description("The subject of identity certificates; this server never reads it back"),
  ),
  SubjectAltName: v.record(v.string(), v.union([v.string(), v.array(v.string())])),
  Keysize: v.picklist([2048, 4096]),
  "Key Usage": v.picklist([1, 4, 5]),
  Retries: whole(0, 100, "How many times a device asks again after the answer PENDING"),
  RetryDelay: whole(0, 3600, "Seconds"),
  KeyIsExtractable: v.boolean(),
  AllowAllAppsAccess: v.boolean(),
};

export const profile = {
  PayloadIdentifier: text(
    "Decides whether a profile updates another one or replaces it: never change it while devices are enrolled",
  ),
  PayloadDisplayName: text("The profile's name on the device"),
  PayloadDescription: text("What people read before they install it", 2000),
  PayloadOrganization: text("Who manages the device; the setting organization unless set"),
  ConsentText: v.pipe(
    v.record(v.string(), v.string()),
    v.description("The text that people must agree to, by language, with `default`"),
  ),
  PayloadRemovalDisallowed: flag("Only supervised devices obey it"),
  RemovalDate: when("The enrollment ends automatically at this time"),
  DurationUntilRemoval: v.pipe(
    v.number(),
    v.description(
      "The enrollment ends automatically after this many seconds, or at RemovalDate if that is earlier",
    ),
  ),
  PayloadExpirationDate: when("From this time on people are offered an update"),
  TargetDeviceType: v.pipe(
    v.picklist([0, 1, 2, 3, 4, 5, 6]),
    v.description("0 any, 1 iPhone and iPad, 2 Watch, 3 HomePod, 4 Apple TV, 5 Mac, 6 Vision Pro"),
  ),
};

const policy = (which: string) =>
  v.pipe(
    v.picklist(attestationPolicies),
    v.description(`Whether Apple attests keys and identities are issued by ACME: ${which}; null is off`),
  );

export const attestation = {
  device: policy("enrollments by a profile"),
  ade: policy("Automated Device Enrollment"),
  account_device: policy("account-driven device enrollment"),
  user: policy("user enrollment, whose attestations do not name a device"),
};

export const accountDriven = {
  enabled: flag("Whether people may enroll devices by signing in on them"),
  method: v.pipe(
    v.picklist(signInMethods),
    v.description(
      "How devices sign in: by a web page (apple-as-web, unless set), or by OAuth 2 with refresh",
    ),
  ),
  sso: v.pipe(
    v.strictObject({
      app: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
      associated_domains: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(255))), v.maxLength(50))),
      direct_downloads: v.optional(v.boolean()),
      profile: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(400))),
      declarations: v.optional(
        v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64))), v.minLength(1), v.maxLength(20)),
      ),
    }),
    v.check(
      ({ profile, declarations }) => profile !== undefined || declarations !== undefined,
      "needs a profile or declarations of the library",
    ),
    v.description(
      "An app that signs people in (Enrollment SSO), and what devices get for it before anybody has signed in. It is public",
    ),
  ),
  sign_in_days: whole(1, 365, "After how many days people must sign in again; null: never"),
  rules: v.pipe(
    v.array(
      v.strictObject({
        account: v.optional(
          v.pipe(
            v.string(),
            v.toLowerCase(),
            v.maxLength(255),
            v.regex(/^[^@\s]*@[^@\s]+$/, "must be an account, or @ and a domain"),
          ),
        ),
        family: v.optional(v.picklist(modelFamilies)),
        kind: v.picklist([...accountKinds, "refuse"]),
      }),
    ),
    v.maxLength(500),
    v.description(
      "Who enrolls how, the first that fits counts; else phones are the person's and Macs are not",
    ),
  ),
};

export const others = {
  certificates: v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(50_000))),
    v.maxLength(10),
    v.description("PEM: certificates that devices must trust before they can connect to this server"),
  ),
  include_authority: flag("Adds the certificate of the server's authority to those that devices trust"),
  file_vault_escrow: text(
    "Macs escrow their recovery key on this server and show this text to a user who lost the key",
  ),
  mutual_tls: flag("Cloudflare checks client certificates in front of this Worker (Enterprise)"),
  accepted_hosts: v.pipe(
    v.array(v.string()),
    v.maxLength(20),
    v.description(
      "Hosts at which devices may be enrolled although PUBLIC_URL has another host, or they are on workers.dev",
    ),
  ),
  open_enrollment: flag("Whether anybody who finds /enroll can enroll a device without an invitation"),
  challenge_hours: whole(1, 720, "How long a profile can be installed after it was handed out"),
};

export type Entries = Record<string, v.GenericSchema>;
const changes = <E extends Entries>(entries: E) =>
  v.strictObject(
    Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, v.optional(v.nullable(one))])),
  );
export const present = <E extends Entries>(entries: E) =>
  v.object(Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, v.nullable(one)])));

export const EnrollmentPatch = v.pipe(
  changes({
    mdm: changes(mdm),
    scep: changes(scep),
    profile: changes(profile),
    attestation: changes(attestation),
    account_driven: changes(accountDriven),
    ...others,
  }),
  v.title("EnrollmentSettingsPatch"),
);
