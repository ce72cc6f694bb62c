import { toBase64, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { findDeclarations } from "../db/declarations.ts";
import { openDb } from "../db/open.ts";
import { findProfile } from "../db/profiles.ts";
import type { EnrollmentSso } from "../enrollment/account/rules.ts";
import { signProfile } from "../enrollment/sign-profile.ts";
import { openContent } from "../library/profile-content.ts";
import { renderDeclaration } from "./render-declaration.ts";

/**
 * What a device gets before its person signs in, so that an app signs the person in (Enrollment SSO). It is public: no
 * device has shown what it is. So nothing in it may depend on a device, and a profile in it may bring no more than Apple
 * allows there.
 * https://developer.apple.com/documentation/devicemanagement/implementing-the-enrollment-sso-user-enrollment-flow
 *
 * The device removes a declaration that is not in its set from the first synchronisation on. So every device that enrolls
 * by an account has these, whatever its sets are (`desired-state.ts`).
 */
export type EnrollmentSsoDocument = {
  iTunesStoreID: number;
  AssociatedDomains: readonly string[];
  AssociatedDomainsEnableDirectDownloads: boolean;
  ConfigurationProfile?: string;
  Declarations?: string[];
};

const publicPayloads: readonly string[] = [
  "com.apple.extensiblesso",
  "com.apple.security.root",
  "com.apple.security.pkcs1",
  "com.apple.security.pem",
];

export async function enrollmentSsoDocument(
  env: Env,
  { app, associated_domains = [], direct_downloads = false, profile, declarations }: EnrollmentSso,
  now: number,
): Promise<Result<EnrollmentSsoDocument, { reason: string; detail: string }>> {
  const document: EnrollmentSsoDocument = {
    iTunesStoreID: app,
    AssociatedDomains: associated_domains,
    AssociatedDomainsEnableDirectDownloads: direct_downloads,
  };
  if (profile !== undefined) {
    const row = await findProfile(openDb(env.DB), profile);
    if (row === undefined) return unfit(`the library has no profile ${profile}`);
    if (row.variables.length > 0) return unfit(`${profile} has variables, and no device is known yet`);
    const other = row.payloadTypes.find((type) => !publicPayloads.includes(type));
    if (other !== undefined) return unfit(`${profile} has the payload ${other}; nobody has signed in yet`);
    document.ConfigurationProfile = toBase64(await signProfile(env, await openContent(env, row), now));
  }
  if (declarations !== undefined) {
    const rendered = await publicDeclarations(env, declarations);
    if (!rendered.ok) return rendered;
    document.Declarations = rendered.value;
  }
  return ok(document);
}

/** Exactly as each device will get them, with the same ServerToken. */
async function publicDeclarations(
  env: Env,
  identifiers: readonly string[],
): Promise<Result<string[], { reason: string; detail: string }>> {
  const rows = await findDeclarations(openDb(env.DB), identifiers);
  const missing = identifiers.find((named) => !rows.some(({ identifier }) => identifier === named));
  if (missing !== undefined) return unfit(`the library has no declaration ${missing}`);
  const bodies: string[] = [];
  for (const row of rows) {
    const none = () => undefined;
    const place = { origin: "", deviceId: "", file: none, useDocument: none, profileDigest: none };
    const one = await renderDeclaration(row, { device: {}, attributes: {} }, place);
    if (!one.ok)
      return unfit(`${row.identifier} needs ${one.refusal.missing.join(", ")}, and no device is known yet`);
    bodies.push(toBase64(utf8(one.value.body)));
  }
  return ok(bodies);
}

const unfit = (detail: string) => refuse({ reason: "enrollment-sso-unfit", detail });
