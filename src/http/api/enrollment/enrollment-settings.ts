import { type Context, Hono } from "hono";
import * as v from "valibot";
import { accountKinds, modelFamilies } from "../../../enrollment/account/rules.ts";
import { foreseeProfile } from "../../../enrollment/compose-profile.ts";
import { enrollmentSettingFindings } from "../../../enrollment/enrollment-setting-rules.ts";
import {
  attestationPolicies,
  type EnrollmentSettings,
  patched,
  readEnrollmentSettings,
  signInMethods,
  storeEnrollmentSettings,
} from "../../../enrollment/enrollment-settings.ts";
import { readEnv } from "../../../env.ts";
import { certificateUuid } from "../../../profiles/enrollment-profile.ts";
import { enrollmentModes } from "../../../profiles/mdm-payload.ts";
import { deviceAddress } from "../../origin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid } from "../route/validate.ts";

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
const mdm = {
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

const scep = {
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

const profile = {
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

const attestation = {
  device: policy("enrollments by a profile"),
  ade: policy("Automated Device Enrollment"),
  account_device: policy("account-driven device enrollment"),
  user: policy("user enrollment, whose attestations do not name a device"),
};

const accountDriven = {
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

const others = {
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

type Entries = Record<string, v.GenericSchema>;
const changes = <E extends Entries>(entries: E) =>
  v.strictObject(
    Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, v.optional(v.nullable(one))])),
  );
const present = <E extends Entries>(entries: E) =>
  v.object(Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, v.nullable(one)])));

const EnrollmentPatch = v.pipe(
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

const Effective = v.object({
  ready: v.pipe(v.boolean(), v.description("Whether a device could be enrolled now")),
  problem: v.pipe(v.nullable(v.string()), v.description("Why not, and what to do")),
  warning: v.nullable(v.string()),
  Topic: v.nullable(v.string()),
  ServerURL: v.string(),
  CheckInURL: v.string(),
  certificate_uuids: v.pipe(
    v.array(v.string()),
    v.description("The PayloadUUIDs of `certificates`, in the same order; pinning refers to them"),
  ),
});

const EnrollmentSettingsAnswer = v.pipe(
  v.object({
    mdm: present(mdm),
    scep: present(scep),
    profile: present(profile),
    attestation: present(attestation),
    account_driven: present(accountDriven),
    ...present(others).entries,
    effective: v.pipe(Effective, v.description("The values in the next profile for a download")),
  }),
  v.title("EnrollmentSettings"),
);

export const enrollmentSettingsApi = new Hono<ApiEnv>();

enrollmentSettingsApi.get(
  "/",
  describeRoute("Read the settings for enrollment profiles", { 200: EnrollmentSettingsAnswer }),
  allow("viewer"),
  async (c) => c.json(await answer(c, await readEnrollmentSettings(c.env))),
);

enrollmentSettingsApi.patch(
  "/",
  describeRoute(
    "Change the settings for enrollment profiles",
    { 200: EnrollmentSettingsAnswer },
    {
      detail:
        "Groups are changed key by key; null removes a key. Enrolled devices keep the values they were given.",
    },
  ),
  allow("admin"),
  body(EnrollmentPatch),
  async (c) => {
    const settings = patched(await readEnrollmentSettings(c.env), c.req.valid("json"));
    const configuration = readEnv(c.env);
    const proxy = configuration.ok && configuration.value.proxySecret !== undefined;
    const findings = await enrollmentSettingFindings(settings, proxy, Date.now());
    if (findings.length > 0) return invalid(c, findings);
    await storeEnrollmentSettings(c.env, settings, Date.now());
    return c.json(await answer(c, settings));
  },
);

async function answer(c: Context<ApiEnv>, settings: EnrollmentSettings) {
  const now = Date.now();
  const address = deviceAddress(c);
  const order = { kind: "device" as const, issuedFor: {}, address };
  const foreseen = await foreseeProfile(c.env, settings, order, now);
  const { PayloadIdentifier } = settings.profile;
  const keys = foreseen.ok ? foreseen.value.mdm : settings.mdm;
  const serverUrl = keys.ServerURL ?? `${address.origin}/mdm`;
  return {
    mdm: { ...absent(mdm), ...settings.mdm },
    scep: { ...absent(scep), ...settings.scep },
    profile: { ...absent(profile), ...settings.profile },
    attestation: { ...absent(attestation), ...settings.attestation },
    account_driven: { ...absent(accountDriven), ...settings.account_driven },
    ...absent(others),
    ...withoutGroups(settings),
    effective: {
      ready: foreseen.ok,
      problem: foreseen.ok ? null : foreseen.refusal.detail,
      warning: (foreseen.ok && foreseen.value.warning) || unprovenWarning(c.env, keys.SignMessage),
      Topic: keys.Topic ?? null,
      ServerURL: serverUrl,
      CheckInURL: keys.CheckInURL ?? serverUrl,
      certificate_uuids: await Promise.all(
        settings.certificates.map((pem) => certificateUuid(PayloadIdentifier, pem)),
      ),
    },
  };
}

/** The setting says how Cloudflare is configured; the Worker relies on it only if the variable is set too. */
function unprovenWarning(env: Env, signMessage: unknown): string | null {
  const configuration = readEnv(env);
  if (signMessage === true || !configuration.ok) return null;
  const { proxySecret, mutualTls } = configuration.value;
  return proxySecret !== undefined || mutualTls
    ? null
    : "devices that do not sign messages could not prove their identity: neither MUTUAL_TLS nor PROXY_SECRET is set";
}

const absent = (entries: Entries) => Object.fromEntries(Object.keys(entries).map((key) => [key, null]));

function withoutGroups({
  mdm: _mdm,
  scep: _scep,
  profile: _profile,
  attestation: _attestation,
  account_driven: _accountDriven,
  ...rest
}: EnrollmentSettings) {
  return rest;
}
