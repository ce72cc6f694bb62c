import type { SealContext } from "./seal.ts";

/**
 * The only table of what each secret in D1 and in the fleet's objects is bound to. A name chooses the derived key and is
 * part of existing values, so it never changes.
 */
const of =
  (what: string) =>
  (...whose: readonly string[]): SealContext => ({ what, whose });

type OfId = (id: string) => SealContext;

export const settingContext: OfId = of("setting");
export const requestContext: OfId = of("idempotency-request");
export const answerContext: OfId = of("idempotency-answer");

export const authorityKeyContext: OfId = of("authority-key");
export const signingKeyContext: OfId = of("signing-key");
/** By the certificate's fingerprint. */
export const escrowKeyContext: OfId = of("escrow-key");
export const lastChallengeContext: OfId = of("invitation-challenge");

export const pushKeyContext: OfId = of("push-key");
export const pushRequestKeyContext: OfId = of("push-request-key");
export const pushExchangeKeyContext: OfId = of("push-exchange-key");
export const pushVendorKeyContext: OfId = of("push-vendor-key");

/** What the client identifier of a certificate that is not an identity follows from. */
export const clientIdentifierContext = (...parts: readonly string[]): SealContext =>
  of("client-identifier")(...parts);

/** What the link of a self-service page follows from: the device, the user, the enrollment, and how often it was renewed. */
export const shelfLinkContext = (...parts: readonly string[]): SealContext => of("shelf-link")(...parts);

export const batchPayloadContext: OfId = of("batch-payload");

/** The content of a library profile, as the present one and in the list of its versions. */
export const profileContentContext = (identifier: string, version: number): SealContext =>
  of("profile")(identifier, String(version));

/** The configuration of an app of the library. */
export const appConfigurationContext = (name: string, version: number): SealContext =>
  of("app-configuration")(name, String(version));

/** A piece of an asset's file: another piece, or another file's, does not open in its place. */
export const assetPartContext = (sha256: string, part: number): SealContext =>
  of("asset")(sha256, String(part));

/** By the account's name. */
export const adeTokenContext: OfId = of("ade-token");
/** The key to a certificate that Apple's portal encrypts tokens to: by the account's name, and the certificate. */
export const adeKeyContext = (account: string, certificate: string): SealContext =>
  of("ade-key")(account, certificate);
/** The key of an API account of Apple's portal: by the account's name, and what it is the key of. */
export const portalKeyContext = (account: string, clientId: string, keyId: string): SealContext =>
  of("portal-key")(account, clientId, keyId);
/** By the account's name. */
export const portalTokenContext: OfId = of("portal-token");
/** By the location's name: its content token, and what Apple's notifications must show. */
export const contentTokenContext: OfId = of("content-token");
export const contentSecretContext: OfId = of("content-notifications");
/** By the grant's id. */
export const accountChallengeContext: OfId = of("account-challenge");

export const signInSecretContext = (issuer: string, clientId: string): SealContext =>
  of("sign-in-client-secret")(issuer, clientId);
/** By the session's id. */
export const signInHintContext: OfId = of("sign-in-hint");

/** Everything that a device's object seals is bound to the device and to its place there (`device/vault.ts`). */
export const deviceContext = (deviceId: string, what: string, whose: readonly string[]): SealContext =>
  of(what)(deviceId, ...whose);

/** A link to a package's manifest: by the package's name, the device and the end of the link. */
export const manifestLinkContext = (name: string, device: string, endsAt: string): SealContext =>
  of("package-manifest-link")(name, device, endsAt);
/** A link to a file of a package. */
export const fileLinkContext = (file: string, device: string, endsAt: string): SealContext =>
  of("package-file-link")(file, device, endsAt);
