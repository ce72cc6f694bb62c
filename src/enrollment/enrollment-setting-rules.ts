import { parseCertificate } from "../pki/parse-certificate.ts";
import { readPem } from "../pki/pem.ts";
import { certificateUuid } from "../profiles/enrollment-profile.ts";
import { type MdmFinding, mdmFindings } from "../profiles/mdm-payload.ts";
import type { EnrollmentSettings } from "./enrollment-settings.ts";

/**
 * What must hold before enrollment settings are stored: every broken rule at once, each with a pointer into them. A
 * device keeps what it enrolled with, so a mistake in here is found out when it is too late.
 */
export async function enrollmentSettingFindings(
  settings: EnrollmentSettings,
  proxyProvesIdentities: boolean,
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
    ...hostFindings(settings.accepted_hosts),
  ];
}

function certificateFindings(pem: string, at: number): MdmFinding[] {
  const pointer = `/certificates/${at}`;
  const blocks = readPem(pem);
  if (blocks.length === 0 || blocks.some(({ label }) => label !== "CERTIFICATE"))
    return [
      { pointer, code: "not-a-certificate", detail: "must be PEM of certificates, and of nothing else" },
    ];
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

const hostFindings = (hosts: readonly string[]): MdmFinding[] =>
  hosts.flatMap((host, at) =>
    URL.parse(`https://${host}`)?.host === host.toLowerCase()
      ? []
      : [
          {
            pointer: `/accepted_hosts/${at}`,
            code: "not-a-host",
            detail: "must be a host name, with a port where it has one: edgemdm.example.workers.dev",
          },
        ],
  );
