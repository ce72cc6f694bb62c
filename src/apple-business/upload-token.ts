import { accountCall } from "../ade/calls.ts";
import type { AdeRefusal } from "../ade/refusals.ts";
import type { AdeToken } from "../ade/token.ts";
import { openTokenFile, type TokenFileRefusal } from "../ade/token-file.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type AdeAccountRow, forgetDefinitions, otherAccountOf, setAccount } from "../db/ade-accounts.ts";
import { applyTogether } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import { clientFor, sealToken, tokenColumns } from "./account.ts";
import { openPair, pairsOf, type SealedPair } from "./key-pair.ts";
import { workingState } from "./trouble.ts";

/**
 * A token comes: as the file that Apple's portal gives, or in the clear. It replaces the present one only after Apple
 * opened a session with it and said that it belongs to the same server; until then nothing of the account changes.
 */
export type UploadRefusal =
  | TokenFileRefusal
  | { reason: "no-key-pair" | "other-server" | "server-taken" | "other-consumer"; detail: string }
  | { reason: "not-proven"; detail: string; apple: AdeRefusal };

export type UploadOptions = {
  /** The token may belong to another server: what is known of the devices of the present one counts no more. */
  replace: boolean;
};

export async function openUploadedFile(
  env: Env,
  row: AdeAccountRow,
  file: Uint8Array,
  now: number,
): Promise<Result<{ token: AdeToken; pair: SealedPair }, UploadRefusal>> {
  let refusal: UploadRefusal = {
    reason: "no-key-pair",
    detail:
      "the account has no certificate yet: make one, upload it at Apple, and send the file that Apple gives",
  };
  for (const pair of pairsOf(row)) {
    const opened = await openTokenFile(file, await openPair(env, row.name, pair), now);
    if (opened.ok) return ok({ token: opened.value, pair });
    if (refusal.reason === "no-key-pair" || refusal.reason === "other-key") refusal = opened.refusal;
  }
  return refuse(refusal);
}

export async function takeToken(
  env: Env,
  row: AdeAccountRow,
  token: AdeToken,
  pair: SealedPair | undefined,
  { replace }: UploadOptions,
  now: number,
): Promise<Result<"taken", UploadRefusal>> {
  const proven = await clientFor(token, row).call(accountCall());
  if (!proven.ok)
    return refuse({
      reason: "not-proven",
      detail: `Apple does not take the token: ${proven.refusal.detail}`,
      apple: proven.refusal,
    });
  const details = proven.value;
  const db = openDb(env.DB);
  const other = await otherAccountOf(db, details.server_uuid, row.name);
  if (other)
    return refuse({
      reason: "server-taken",
      detail: `the token is for ${serverText(details)}, which the account ${other.name} has already: upload it there`,
    });
  const isOther = row.serverUuid !== null && row.serverUuid !== details.server_uuid;
  if (isOther && !replace)
    return refuse({
      reason: "other-server",
      detail: `the token is for ${serverText(details)}, and this account for ${serverText(row.details ?? { server_uuid: row.serverUuid ?? "" })}: download it from the right server, or replace the server on purpose`,
    });
  const columns = {
    sealedToken: await sealToken(env, row.name, token),
    ...tokenColumns(token, now),
    ...(pair && { certificate: pair.certificate, sealedKey: pair.sealedKey }),
    // The pair that waited is the present one now; one that did not serve goes on waiting.
    ...(pair?.certificate === row.nextCertificate && { nextCertificate: null, sealedNextKey: null }),
    serverUuid: details.server_uuid,
    details,
    state: workingState,
    ...(row.state !== workingState && { stateSince: now }),
    trouble: null,
    updatedAt: now,
    // All devices are fetched again; those of the former server are not among them, and count as gone.
    ...(isOther && { syncMode: null, cursor: null, fetchStartedAt: null }),
  };
  await applyTogether(db, [
    setAccount(db, row.name, columns),
    ...(isOther ? [forgetDefinitions(db, row.name)] : []),
  ]);
  return ok("taken");
}

const serverText = ({
  server_name,
  server_uuid,
  org_name,
}: {
  server_uuid: string;
  server_name?: string;
  org_name?: string;
}): string =>
  `the server ${server_name ? `"${server_name}" ` : ""}${server_uuid}${org_name ? ` of ${org_name}` : ""}`;
