/**
 * The MDM payload: its keys, and the rules that hold between them.
 * https://developer.apple.com/documentation/devicemanagement/mdm
 *
 * Leaves to others: types and ranges that Apple's schema states (the catalogue), and where the identity comes from.
 *
 * The surprise: six of these keys can never change once a device has enrolled, and AccessRights can only shrink. What
 * is wrong here is found out by a fleet, not by a request.
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

/** What a device asks a certificate for, by the names of payload UUIDs. */
const uuidForm = /^[0-9A-Za-z]{8}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{12}$/;

/** One thing wrong with the keys; the pointer leads to the key. */
export type MdmFinding = { pointer: string; code: string; detail: string };

export type MdmSurroundings = {
  /** PayloadUUIDs of the certificates beside the payload. */
  certificates: readonly string[];
  /** Another way than SignMessage by which a request proves who sent it. */
  otherTransport: boolean;
};

/** Every rule that is broken, at once. */
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
      yield finding("AccessRights", "required", "must be there, except in a user enrollment");
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
    yield finding("AccessRights", "not-in-user-enrollment", "a user enrollment with rights is cancelled");
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
    yield finding("RequiredAppIDForMDM", "needs-mode", "is for account-driven enrollments only");
}

function* capabilityFindings({ ServerCapabilities }: Partial<MdmKeys>): Generator<MdmFinding> {
  const seen = new Set<string>();
  for (const capability of ServerCapabilities ?? []) {
    if (!(serverCapabilities as readonly string[]).includes(capability))
      yield finding(
        "ServerCapabilities",
        "unknown-capability",
        `${capability} is none of ${serverCapabilities.join(", ")}`,
      );
    if (seen.has(capability)) yield finding("ServerCapabilities", "repeated", `${capability} is there twice`);
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
      "must be true: nothing else tells who sends a request, unless PROXY_SECRET or mutual_tls is set",
    );
}

function* pinningFindings(mdm: Partial<MdmKeys>, certificates: readonly string[]): Generator<MdmFinding> {
  for (const key of ["ServerURLPinningCertificateUUIDs", "CheckInURLPinningCertificateUUIDs"] as const) {
    for (const uuid of mdm[key] ?? []) {
      if (!uuidForm.test(uuid)) yield finding(key, "not-a-uuid", `${uuid} is no PayloadUUID`);
      else if (!certificates.includes(uuid))
        yield finding(key, "unknown-certificate", `${uuid} names no certificate of the profile`);
    }
  }
}
