// Made by `npm run client` from the API's own description. Not edited by hand.

/** POSTs that take an Idempotency-Key: sent again with the same key, they are done once. */
export const repeatable: ReadonlySet<string> = new Set([
  "/ade/accounts",
  "/ade/accounts/{name}/certificate",
  "/ade/api-accounts",
  "/administrator-invitations",
  "/apps-and-books/locations",
  "/authorities",
  "/batches",
  "/declarations/{identifier}/versions/{version}/restore",
  "/devices/{id}/commands",
  "/devices/{id}/inventory",
  "/enrollment/challenges",
  "/enrollment/invitations",
  "/escrow-certificates",
  "/packages/{name}/uploads",
  "/people",
  "/push-certificate-requests",
  "/push-certificate-requests/{id}/mdmcert",
  "/push-certificates",
  "/sets/{name}/channels",
  "/signing-certificates",
  "/token-exchange-rules",
  "/tokens",
  "/tokens/{id}/rotate",
  "/webhooks",
]);
