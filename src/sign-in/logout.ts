import { metadataOf } from "./metadata.ts";
import type { AccessApplication, OidcClient } from "./provider-store.ts";

/** Where a browser ends its session at the provider (OpenID Connect RP-Initiated Logout 1.0); undefined: it has no such address. */
export async function logoutAddress(
  provider: OidcClient | AccessApplication | undefined,
  now: number,
): Promise<string | undefined> {
  if (provider === undefined) return undefined;
  if (provider.kind === "access") return `${provider.issuer}/cdn-cgi/access/logout`;
  const metadata = await metadataOf(provider.issuer, now);
  return metadata.ok ? metadata.value.end_session_endpoint : undefined;
}
