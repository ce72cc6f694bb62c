import { parseCertificate } from "../pki/parse-certificate.ts";
import { readPem } from "../pki/pem.ts";
import { type PlistDict, PlistReal } from "../plist/value.ts";
import { certificateUuid } from "../profiles/enrollment-profile.ts";
import { type MdmFinding, mdmFindings } from "../profiles/mdm-payload.ts";
import { topLevelFindings } from "../profiles/top-level-rules.ts";
import type { EnrollmentSettings } from "./enrollment-setting-values.ts";

/**
 * The rules for enrollment settings, checked before they are stored: all violations together, each with a pointer. A
 * device keeps the values of its enrollment, so a mistake would be found too late.
 */
export async function enrollmentSettingFindings(
  settings: EnrollmentSettings,
  proxyProvesIdentities: boolean,
  now: number,
): Promise<MdmFinding[]> {
  const { PayloadIdentifier } = settings.profile;
  const certificates = await Promise.all(
    settings.certificates.map((pem) => certificateUuid(PayloadIdentifier, pem)),
  );
  const mdm = mdmFindings(settings.mdm, {
    certificates,
    otherTransport: proxyProvesIdentities || settings.mutual_tls,
  });
  return [
    ...mdm.map((finding) => ({ ...finding, pointer: `/mdm${finding.pointer}` })),
    ...settings.certificates.flatMap(certificateFindings),
    ...profileFindings(settings),
    ...timeFindings(settings, now),
    ...hostFindings(settings.accepted_hosts),
  ];
}

function certificateFindings(pem: string, at: number): MdmFinding[] {
  const pointer = `/certificates/${at}`;
  const blocks = readPem(pem);
  if (blocks.length === 0 || blocks.some(({ label }) => label !== "CERTIFICATE"))
    return [{ pointer, code: "not-a-certificate", detail: "must be PEM with only certificates" }];
  return blocks.flatMap(({ der }) => {
    const parsed = parseCertificate(der);
    return parsed.ok ? [] : [{ pointer, code: "not-a-certificate", detail: parsed.refusal.detail }];
  });
}

function profileFindings({ profile, mdm }: EnrollmentSettings): MdmFinding[] {
  const found: MdmFinding[] = [];
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(profile.PayloadIdentifier))
    found.push({
      pointer: "/profile/PayloadIdentifier",
      code: "bad-identifier",
      detail: "must be letters, digits, dots and hyphens, such as com.example.enrollment",
    });
  if (profile.PayloadRemovalDisallowed && (mdm.EnrollmentMode === "BYOD" || mdm.ManagedAppleID))
    found.push({
      pointer: "/profile/PayloadRemovalDisallowed",
      code: "not-in-user-enrollment",
      detail: "people can always end a user enrollment",
    });
  return found;
}

/** The rules for the top level of any profile; here a time in the past is an error, not a warning. */
function timeFindings({ profile }: EnrollmentSettings, now: number): MdmFinding[] {
  const { ConsentText, RemovalDate, DurationUntilRemoval, PayloadExpirationDate } = profile;
  const dict: PlistDict = new Map();
  if (ConsentText) dict.set("ConsentText", new Map(Object.entries(ConsentText)));
  if (RemovalDate) dict.set("RemovalDate", new Date(RemovalDate));
  if (PayloadExpirationDate) dict.set("PayloadExpirationDate", new Date(PayloadExpirationDate));
  if (DurationUntilRemoval !== undefined)
    dict.set("DurationUntilRemoval", new PlistReal(DurationUntilRemoval));
  return [...topLevelFindings(dict, now)]
    .filter(({ code }) => timeRules.includes(code))
    .map(({ code, pointer, detail, remedy }) => ({
      pointer: `/profile${pointer}`,
      code: code.replaceAll("_", "-"),
      detail: `${detail}. ${remedy}`,
    }));
}

const timeRules = ["bad-language", "no-default-language", "removal-date-past", "bad-duration", "expired"];

const hostFindings = (hosts: readonly string[]): MdmFinding[] =>
  hosts.flatMap((host, at) =>
    URL.parse(`https://${host}`)?.host === host.toLowerCase()
      ? []
      : [
          {
            pointer: `/accepted_hosts/${at}`,
            code: "not-a-host",
            detail: "must be a host name, with its port if it has one: edgemdm.example.workers.dev",
          },
        ],
  );
