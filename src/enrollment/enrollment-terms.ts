import { ok, type Result, refuse } from "../base/result.ts";
import { isLoopback, type MdmKeys } from "../profiles/mdm-payload.ts";
import type { EnrollmentSettings } from "./enrollment-setting-values.ts";

/**
 * The MDM payload keys for a kind of enrollment, decided only from settings. The device keeps them during its whole
 * enrollment, so they must not be given by mistake.
 */
export const enrollmentKinds = ["device", "ade", "account_device", "user"] as const;
export type EnrollmentKind = (typeof enrollmentKinds)[number];

/** The address of this server for devices. */
export type Address = {
  origin: string;
  /** The configured address of the deployment; undefined: none. */
  publicUrl: string | undefined;
};

export type TermsRefusal =
  | { reason: "no-topic"; detail: string }
  | { reason: "address-not-accepted"; detail: string }
  | { reason: "no-account"; detail: string };

export type DecidedTerms = {
  mdm: MdmKeys;
  /** The topic is a placeholder: no push will ever reach these devices. */
  placeholderTopic: boolean;
};

export const placeholderTopic = "com.apple.mgmt.External.00000000-0000-4000-8000-000000000000";

export const placeholderWarning =
  "The push topic is a placeholder: no push will reach this device. Upload a push certificate, or set mdm.Topic, before you enroll real devices.";

export function decideTerms(
  settings: EnrollmentSettings,
  kind: EnrollmentKind,
  address: Address,
  { account, pushTopic }: { account?: string | undefined; pushTopic?: string | undefined },
): Result<DecidedTerms, TermsRefusal> {
  const { Topic = pushTopic, ServerURL, ...rest } = settings.mdm;
  const isLocal = isLoopback(new URL(address.origin).hostname);
  if (Topic === undefined && !isLocal)
    return refuse({
      reason: "no-topic",
      detail:
        "no push topic is known, and a device keeps its topic for life: upload a push certificate, or set mdm.Topic in /api/v1/enrollment/settings to its UID",
    });
  const base = { Topic: Topic ?? placeholderTopic, ServerURL: ServerURL ?? `${address.origin}/mdm`, ...rest };
  const strange = [base.ServerURL, base.CheckInURL, address.origin].find(
    (url) => url !== undefined && !isAccepted(url, address.publicUrl, settings.accepted_hosts),
  );
  if (strange !== undefined) return refuse(notAccepted(new URL(strange).host, address.publicUrl));
  const needsAccount = kind === "user" || kind === "account_device";
  const managedAccount = account ?? settings.mdm.AssignedManagedAppleID;
  if (needsAccount && !managedAccount)
    return refuse({
      reason: "no-account",
      detail: `an enrollment of kind ${kind} belongs to a Managed Apple Account: name it as account`,
    });
  const mdm = forKind(base, kind, managedAccount);
  return ok({ mdm, placeholderTopic: Topic === undefined });
}

function forKind(mdm: MdmKeys, kind: EnrollmentKind, account: string | undefined): MdmKeys {
  if (kind === "device") return mdm;
  const { AccessRights, EnrollmentMode, AssignedManagedAppleID, ManagedAppleID, ...rest } = mdm;
  const { RequiredAppIDForMDM, ...withoutApp } = rest;
  const rights = AccessRights === undefined ? {} : { AccessRights };
  const assigned = account === undefined ? {} : { AssignedManagedAppleID: account };
  switch (kind) {
    case "ade":
      return { ...withoutApp, ...rights };
    case "account_device":
      return { ...rest, ...rights, EnrollmentMode: "ADDE", ...assigned };
    case "user":
      return { ...withoutBootstrapToken(rest), EnrollmentMode: "BYOD", ...assigned };
  }
}

// A user enrollment escrows no bootstrap token.
function withoutBootstrapToken({ ServerCapabilities, ...mdm }: MdmKeys): MdmKeys {
  const left = ServerCapabilities?.filter((name) => name !== "com.apple.mdm.bootstraptoken");
  return left === undefined ? mdm : { ...mdm, ServerCapabilities: left };
}

/** A device keeps its server's address for life, so the address must be final. */
function isAccepted(url: string, publicUrl: string | undefined, acceptedHosts: readonly string[]): boolean {
  const { host, hostname } = new URL(url);
  if (acceptedHosts.includes(host) || acceptedHosts.includes(hostname) || isLoopback(hostname)) return true;
  if (isWorkersDev(hostname) || publicUrl === undefined) return false;
  return hostname === new URL(publicUrl).hostname;
}

const isWorkersDev = (hostname: string): boolean => hostname.endsWith(".workers.dev");

function notAccepted(host: string, publicUrl: string | undefined): TermsRefusal {
  const why = isWorkersDev(host)
    ? "an address on workers.dev can never be moved to another account or name"
    : publicUrl === undefined
      ? "PUBLIC_URL is not set, so nothing says that this address is final"
      : `it is not the address in PUBLIC_URL, which is ${publicUrl}`;
  return {
    reason: "address-not-accepted",
    detail: `devices would keep ${host} for life, and ${why}: set PUBLIC_URL to your own domain, or add ${JSON.stringify(host)} to accepted_hosts in /api/v1/enrollment/settings`,
  };
}
