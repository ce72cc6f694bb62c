/**
 * The MDM payload: its keys, and the rules between them.
 * https://developer.apple.com/documentation/devicemanagement/mdm
 *
 * Leaves to others: types and ranges in Apple's schema (the catalogue), and where the identity comes from.
 *
 * The surprise: six of these keys can never change once a device has enrolled, and AccessRights can only shrink. So a
 * mistake here affects a fleet, not a request.
 */
export type MdmKeys = {
  Topic: string;
  ServerURL: string;
  CheckInURL?: string;
  AccessRights?: number;
  SignMessage?: boolean;
  CheckOutWhenRemoved?: boolean;
  ServerCapabilities?: readonly string[];
  EnrollmentMode?: "BYOD" | "ADDE";
  AssignedManagedAppleID?: string;
  ManagedAppleID?: string;
  RequiredAppIDForMDM?: number;
  ServerURLPinningCertificateUUIDs?: readonly string[];
  CheckInURLPinningCertificateUUIDs?: readonly string[];
  PinningRevocationCheckRequired?: boolean;
  PromptUserToAllowBootstrapTokenForAuthentication?: boolean;
  UseDevelopmentAPNS?: boolean;
};

export const enrollmentModes = ["BYOD", "ADDE"] as const;

export const serverCapabilities = [
  "com.apple.mdm.per-user-connections",
  "com.apple.mdm.bootstraptoken",
  "com.apple.mdm.token",
] as const;

export const allRights = 8191;

/** The keys that pin certificates by their payload UUIDs. */
const uuidForm = /^[0-9A-Za-z]{8}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{12}$/;

/** One error in the keys; the pointer names the key. */
export type MdmFinding = { pointer: string; code: string; detail: string };

export type MdmSurroundings = {
  /** PayloadUUIDs of the certificates in the same profile. */
  certificates: readonly string[];
  /** Whether a request can prove its sender without SignMessage. */
  otherTransport: boolean;
};

/** All violated rules together. */
export function mdmFindings(mdm: Partial<MdmKeys>, around: MdmSurroundings): MdmFinding[] {
  return [
    ...topicFindings(mdm),
    ...urlFindings(mdm),
    ...rightsFindings(mdm),
    ...modeFindings(mdm),
    ...capabilityFindings(mdm),
    ...transportFindings(mdm, around),
    ...pinningFindings(mdm, around.certificates),
  ];
}

const finding = (key: keyof MdmKeys, code: string, detail: string): MdmFinding => ({
  pointer: `/${key}`,
  code,
  detail,
});

function* topicFindings({ Topic }: Partial<MdmKeys>): Generator<MdmFinding> {
  if (Topic !== undefined && !/^com\.apple\.mgmt\.[\x21-\x7e]+$/.test(Topic))
    yield finding(
      "Topic",
      "bad-topic",
      "must begin with com.apple.mgmt. and be the UID of the push certificate",
    );
}

function* urlFindings(mdm: Partial<MdmKeys>): Generator<MdmFinding> {
  for (const key of ["ServerURL", "CheckInURL"] as const) {
    const text = mdm[key];
    if (text === undefined) continue;
    const url = URL.parse(text);
    if (url?.protocol !== "https:") yield finding(key, "not-https", "must be an https:// URL");
    else if (url.username || url.hash)
      yield finding(key, "bad-url", "must have neither a user name nor a fragment");
  }
}

export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";

function* rightsFindings(mdm: Partial<MdmKeys>): Generator<MdmFinding> {
  const { AccessRights: rights } = mdm;
  if (rights === undefined) {
    if (mdm.EnrollmentMode !== "BYOD" && mdm.ManagedAppleID === undefined)
      yield finding("AccessRights", "required", "is required, except in a user enrollment");
    return;
  }
  if (!Number.isInteger(rights) || rights < 1 || rights > allRights) {
    yield finding(
      "AccessRights",
      "out-of-range",
      `must be a sum of rights from 1 to ${allRights}, not ${rights}`,
    );
    return;
  }
  if ((rights & 2) !== 0 && (rights & 1) === 0)
    yield finding(
      "AccessRights",
      "lacks-right",
      "installing profiles (2) needs the right to inspect them (1)",
    );
  if ((rights & 128) !== 0 && (rights & 64) === 0)
    yield finding(
      "AccessRights",
      "lacks-right",
      "installing provisioning profiles (128) needs the right to inspect them (64)",
    );
  if (mdm.EnrollmentMode === "BYOD" || mdm.ManagedAppleID !== undefined)
    yield finding("AccessRights", "not-in-user-enrollment", "devices cancel a user enrollment with rights");
}

function* modeFindings(mdm: Partial<MdmKeys>): Generator<MdmFinding> {
  const { EnrollmentMode: mode, AssignedManagedAppleID: account, ManagedAppleID: former } = mdm;
  if (mode !== undefined && !enrollmentModes.includes(mode))
    yield finding("EnrollmentMode", "unknown-mode", `must be BYOD or ADDE, not ${mode}`);
  if (mode !== undefined && !account)
    yield finding(
      "AssignedManagedAppleID",
      "required",
      "EnrollmentMode needs the Managed Apple Account of the person",
    );
  if (mode === undefined && account !== undefined)
    yield finding("EnrollmentMode", "required", "AssignedManagedAppleID needs a mode: BYOD or ADDE");
  if (former !== undefined && mode !== undefined)
    yield finding("ManagedAppleID", "contradicts-mode", "belongs to enrollments without EnrollmentMode");
  if (mdm.RequiredAppIDForMDM !== undefined && mode === undefined)
    yield finding("RequiredAppIDForMDM", "needs-mode", "is only for account-driven enrollments");
}

function* capabilityFindings({ ServerCapabilities }: Partial<MdmKeys>): Generator<MdmFinding> {
  const seen = new Set<string>();
  for (const capability of ServerCapabilities ?? []) {
    if (!(serverCapabilities as readonly string[]).includes(capability))
      yield finding(
        "ServerCapabilities",
        "unknown-capability",
        `${capability} is not one of ${serverCapabilities.join(", ")}`,
      );
    if (seen.has(capability))
      yield finding("ServerCapabilities", "repeated", `${capability} is listed twice`);
    seen.add(capability);
  }
}

function* transportFindings(
  mdm: Partial<MdmKeys>,
  { otherTransport }: MdmSurroundings,
): Generator<MdmFinding> {
  if (mdm.SignMessage !== true && !otherTransport)
    yield finding(
      "SignMessage",
      "no-identity-transport",
      "must be true: otherwise nothing proves the sender of a request, unless PROXY_SECRET or mutual_tls is set",
    );
}

function* pinningFindings(mdm: Partial<MdmKeys>, certificates: readonly string[]): Generator<MdmFinding> {
  for (const key of ["ServerURLPinningCertificateUUIDs", "CheckInURLPinningCertificateUUIDs"] as const) {
    for (const uuid of mdm[key] ?? []) {
      if (!uuidForm.test(uuid)) yield finding(key, "not-a-uuid", `${uuid} is not a PayloadUUID`);
      else if (!certificates.includes(uuid))
        yield finding(key, "unknown-certificate", `${uuid} does not name a certificate of the profile`);
    }
  }
}
