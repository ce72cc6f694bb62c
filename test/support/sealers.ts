/** All code that seals, and the columns of D1 that it fills. A new one needs its column in `src/jobs/kinds/reseal-places.ts` as well. */
export const sealers: Record<string, readonly string[]> = {
  "admin/idempotency.ts": ["idempotency_keys.request_sealed", "idempotency_keys.answer_sealed"],
  "admin/settings.ts": ["settings.value"],
  "library/apps.ts": ["library_apps.sealed_configuration"],
  "library/asset-files.ts": ["asset_parts.sealed"],
  "library/profiles.ts": ["profiles.sealed_content", "profile_versions.sealed_content"],
  "commands/order-batch.ts": ["batches.payload_sealed"],
  "enrollment/escrow-certificates.ts": ["escrow_certificates.sealed_key"],
  "enrollment/invitations.ts": ["invitations.last_challenge_sealed"],
  "enrollment/manage-authorities.ts": ["authorities.sealed_key"],
  "enrollment/signing-certificates.ts": ["signing_certificates.sealed_key"],
  "enrollment/account/profile.ts": ["account_grants.sealed_challenge"],
  "sign-in/provider-store.ts": ["sign_in_provider.sealed_secret"],
  "admin/sign-in/session.ts": [],
  "sign-in/sessions.ts": ["sign_in_sessions.sealed_hint"],
  // The state of a sign-in is in the URL alone.
  "sign-in/flow.ts": [],
  "push/manage-certificates.ts": ["push_certificates.sealed_key"],
  "push/manage-requests.ts": [
    "push_certificate_requests.sealed_key",
    "push_certificate_requests.exchange_key_sealed",
  ],
  "push/vendor.ts": ["push_vendors.sealed_key"],
  "webhooks/webhook.ts": ["webhooks.sealed"],
  // The objects' columns are looked at above; deleted devices leave their escrow to D1.
  "device/vault.ts": ["escrow_archive.sealed"],
  "apple-business/account.ts": ["ade_accounts.sealed_token"],
  "apple-business/portal/account.ts": ["portal_accounts.sealed_key", "portal_accounts.sealed_token"],
  "apple-business/key-pair.ts": ["ade_accounts.sealed_key", "ade_accounts.sealed_next_key"],
  "licences/location.ts": ["content_locations.sealed_token", "content_locations.sealed_secret"],
  // A nonce is kept nowhere, and an order in its account's object for a day.
  "acme/nonce.ts": [],
  "enrollment/acme/answers.ts": [],
};
