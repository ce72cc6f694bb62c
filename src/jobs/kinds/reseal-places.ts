import { secretSettings } from "../../admin/setting-entries.ts";
import type { SealedColumn, SealedRow } from "../../db/sealed.ts";
import type { SealContext } from "../../pki/seal.ts";
import {
  accountChallengeContext,
  adeKeyContext,
  adeTokenContext,
  answerContext,
  appConfigurationContext,
  assetPartContext,
  authorityKeyContext,
  batchPayloadContext,
  contentSecretContext,
  contentTokenContext,
  deviceContext,
  escrowKeyContext,
  lastChallengeContext,
  portalKeyContext,
  portalTokenContext,
  profileContentContext,
  pushExchangeKeyContext,
  pushKeyContext,
  pushRequestKeyContext,
  pushVendorKeyContext,
  requestContext,
  settingContext,
  signInHintContext,
  signInSecretContext,
  signingKeyContext,
} from "../../pki/seal-contexts.ts";
import { webhookContext } from "../../webhooks/webhook.ts";

/**
 * Every sealed column of D1, and what its values are bound to; `device/store/sealed-values.ts` has those of the devices'
 * objects. Add a new column here: a test compares this list with the schema and with all code that seals.
 */
export type SealedPlace = SealedColumn & {
  /** undefined: the value of this row is not sealed. */
  context: (row: SealedRow) => SealContext | undefined;
};

const text = (row: SealedRow, column: string): string => String(row[column]);

export const sealedPlaces: readonly SealedPlace[] = [
  {
    table: "settings",
    column: "value",
    key: ["name"],
    context: (row) =>
      secretSettings.some((name) => name === row.name) ? settingContext(text(row, "name")) : undefined,
  },
  {
    table: "authorities",
    column: "sealed_key",
    key: ["id"],
    context: (row) => authorityKeyContext(text(row, "id")),
  },
  {
    table: "escrow_certificates",
    column: "sealed_key",
    key: ["fingerprint"],
    context: (row) => escrowKeyContext(text(row, "fingerprint")),
  },
  {
    table: "push_certificates",
    column: "sealed_key",
    key: ["id"],
    context: (row) => pushKeyContext(text(row, "id")),
  },
  {
    table: "push_certificate_requests",
    column: "sealed_key",
    key: ["id"],
    context: (row) => pushRequestKeyContext(text(row, "id")),
  },
  {
    table: "push_certificate_requests",
    column: "exchange_key_sealed",
    key: ["id"],
    context: (row) => pushExchangeKeyContext(text(row, "id")),
  },
  {
    table: "push_vendors",
    column: "sealed_key",
    key: ["id"],
    context: (row) => pushVendorKeyContext(text(row, "id")),
  },
  {
    table: "escrow_archive",
    column: "sealed",
    key: ["device_id", "stored_at", "number"],
    facts: ["name"],
    context: (row) => deviceContext(text(row, "device_id"), "escrow", [text(row, "name")]),
  },
  {
    table: "invitations",
    column: "last_challenge_sealed",
    key: ["id"],
    context: (row) => lastChallengeContext(text(row, "id")),
  },
  {
    table: "batches",
    column: "payload_sealed",
    key: ["id"],
    context: (row) => batchPayloadContext(text(row, "id")),
  },
  {
    table: "idempotency_keys",
    column: "request_sealed",
    key: ["id"],
    context: (row) => requestContext(text(row, "id")),
  },
  {
    table: "idempotency_keys",
    column: "answer_sealed",
    key: ["id"],
    context: (row) => answerContext(text(row, "id")),
  },
  {
    table: "asset_parts",
    column: "sealed",
    key: ["sha256", "part"],
    context: (row) => assetPartContext(text(row, "sha256"), Number(row.part)),
  },
  {
    table: "signing_certificates",
    column: "sealed_key",
    key: ["id"],
    context: (row) => signingKeyContext(text(row, "id")),
  },
  {
    table: "account_grants",
    column: "sealed_challenge",
    key: ["id"],
    context: (row) => accountChallengeContext(text(row, "id")),
  },
  {
    table: "sign_in_provider",
    column: "sealed_secret",
    key: ["id"],
    facts: ["issuer", "client_id"],
    context: (row) => signInSecretContext(text(row, "issuer"), text(row, "client_id")),
  },
  {
    table: "sign_in_sessions",
    column: "sealed_hint",
    key: ["id"],
    context: (row) => signInHintContext(text(row, "id")),
  },
  {
    table: "library_apps",
    column: "sealed_configuration",
    key: ["name"],
    facts: ["version"],
    context: (row) => appConfigurationContext(text(row, "name"), Number(row.version)),
  },
  {
    table: "profiles",
    column: "sealed_content",
    key: ["identifier"],
    facts: ["version"],
    context: (row) => profileContentContext(text(row, "identifier"), Number(row.version)),
  },
  {
    table: "profile_versions",
    column: "sealed_content",
    key: ["identifier", "version"],
    context: (row) => profileContentContext(text(row, "identifier"), Number(row.version)),
  },
  {
    table: "webhooks",
    column: "sealed",
    key: ["id"],
    context: (row) => webhookContext(text(row, "id")),
  },
  {
    table: "ade_accounts",
    column: "sealed_token",
    key: ["name"],
    context: (row) => adeTokenContext(text(row, "name")),
  },
  {
    table: "ade_accounts",
    column: "sealed_key",
    key: ["name"],
    facts: ["certificate"],
    context: (row) => adeKeyContext(text(row, "name"), text(row, "certificate")),
  },
  {
    table: "ade_accounts",
    column: "sealed_next_key",
    key: ["name"],
    facts: ["next_certificate"],
    context: (row) => adeKeyContext(text(row, "name"), text(row, "next_certificate")),
  },
  {
    table: "portal_accounts",
    column: "sealed_key",
    key: ["name"],
    facts: ["client_id", "key_id"],
    context: (row) => portalKeyContext(text(row, "name"), text(row, "client_id"), text(row, "key_id")),
  },
  {
    table: "portal_accounts",
    column: "sealed_token",
    key: ["name"],
    context: (row) => portalTokenContext(text(row, "name")),
  },
  {
    table: "content_locations",
    column: "sealed_token",
    key: ["name"],
    context: (row) => contentTokenContext(text(row, "name")),
  },
  {
    table: "content_locations",
    column: "sealed_secret",
    key: ["name"],
    context: (row) => contentSecretContext(text(row, "name")),
  },
];
