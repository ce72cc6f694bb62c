import { type Context, Hono } from "hono";
import * as v from "valibot";
import { foreseeProfile } from "../../../enrollment/compose-profile.ts";
import { enrollmentSettingFindings } from "../../../enrollment/enrollment-setting-rules.ts";
import { type EnrollmentSettings, patched } from "../../../enrollment/enrollment-setting-values.ts";
import { readEnrollmentSettings, storeEnrollmentSettings } from "../../../enrollment/enrollment-settings.ts";
import { readEnv } from "../../../env.ts";
import { certificateUuid } from "../../../profiles/enrollment-profile.ts";
import { deviceAddress } from "../../origin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid } from "../route/validate.ts";
import {
  accountDriven,
  attestation,
  EnrollmentPatch,
  type Entries,
  mdm,
  others,
  present,
  profile,
  scep,
} from "./enrollment-settings-json.ts";

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
