import * as v from "valibot";
import { accountNameForm } from "../../../apple-business/manage-accounts.ts";
import { day } from "../../../base/time.ts";
import type { AdeAccountRow } from "../../../db/ade-accounts.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";

/** How ADE accounts look in requests and answers. Nothing of a token or key is ever in them. */
const text = v.nullable(v.string());

export const AdeTrouble = v.pipe(
  v.object({ reason: v.string(), code: text, detail: v.string(), remedy: v.string() }),
  v.title("AdeTrouble"),
);

export const AdeAccount = v.pipe(
  v.object({
    name: v.string(),
    state: v.pipe(
      v.string(),
      v.description(
        "`ok`, `awaits-token`, or why nothing works, such as `terms-not-accepted` or `token-dead`",
      ),
    ),
    state_since: Time,
    trouble: v.nullable(AdeTrouble),
    server_uuid: text,
    server_name: text,
    organization: v.nullable(
      v.object({ name: text, id: text, type: text, version: text, email: text, phone: text, address: text }),
    ),
    admin_id: v.pipe(text, v.description("The Apple Account that downloaded the token: it dies with that")),
    token: v.nullable(
      v.object({
        uploaded_at: TimeOrNull,
        expires_at: TimeOrNull,
        days_left: v.nullable(v.pipe(v.number(), v.integer())),
      }),
    ),
    certificate_waits: v.pipe(
      v.boolean(),
      v.description("A certificate was made, and no token for it has come yet"),
    ),
    default_profile: text,
    rules: v.pipe(v.number(), v.integer(), v.description("How many")),
    base_url: text,
    user_agent: text,
    protocol_version: v.nullable(v.number()),
    synced_at: v.pipe(TimeOrNull, v.description("When Apple's changes were last heard to the end")),
    fetched_at: v.pipe(TimeOrNull, v.description("When all devices were last fetched")),
    created_at: Time,
    created_by: v.string(),
    updated_at: Time,
  }),
  v.title("AdeAccount"),
);

export const CreatedAdeAccount = v.pipe(
  v.object({
    ...AdeAccount.entries,
    certificate: v.pipe(v.string(), v.description("PEM: upload it at Apple as this server's public key")),
  }),
  v.title("CreatedAdeAccount"),
);

export const AdeCertificate = v.pipe(
  v.object({ certificate: v.pipe(v.string(), v.description("PEM")) }),
  v.title("AdeCertificate"),
);

const options = {
  base_url: v.pipe(
    v.nullable(v.pipe(v.string(), v.maxLength(500))),
    v.description("Of another service than Apple's, for tests"),
  ),
  user_agent: v.pipe(
    v.nullable(
      v.pipe(
        v.string(),
        v.regex(/^[!-~]+( [ -~]*)?$/, "must be a product name and version"),
        v.maxLength(250),
      ),
    ),
    v.description("What Apple is told that asks; Apple refuses some"),
  ),
  protocol_version: v.pipe(
    v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99))),
    v.description("X-Server-Protocol-Version, 10 unless told"),
  ),
};

export const accountName = v.pipe(
  v.string(),
  v.regex(accountNameForm, "must be 1 to 64 letters, digits, dots, hyphens and underscores"),
);

export const NewAdeAccount = v.pipe(
  v.strictObject({
    name: accountName,
    base_url: v.optional(options.base_url),
    user_agent: v.optional(options.user_agent),
    protocol_version: v.optional(options.protocol_version),
  }),
  v.title("NewAdeAccount"),
);

export const AdeAccountPatch = v.pipe(
  v.strictObject({
    base_url: v.exactOptional(options.base_url),
    user_agent: v.exactOptional(options.user_agent),
    protocol_version: v.exactOptional(options.protocol_version),
  }),
  v.title("AdeAccountPatch"),
);

export function presentAccount(row: AdeAccountRow): v.InferInput<typeof AdeAccount> {
  const { details, tokenExpiresAt } = row;
  const left = tokenExpiresAt === null ? null : Math.floor((tokenExpiresAt - Date.now()) / day);
  return {
    name: row.name,
    state: row.state,
    state_since: isoTime(row.stateSince),
    trouble: row.trouble,
    server_uuid: row.serverUuid,
    server_name: details?.server_name ?? null,
    organization: details && {
      name: details.org_name ?? null,
      id: details.org_id ?? null,
      type: details.org_type ?? null,
      version: details.org_version ?? null,
      email: details.org_email ?? null,
      phone: details.org_phone ?? null,
      address: details.org_address ?? null,
    },
    admin_id: details?.admin_id ?? null,
    token:
      row.sealedToken === null
        ? null
        : {
            uploaded_at: isoTimeOrNull(row.tokenAt),
            expires_at: isoTimeOrNull(tokenExpiresAt),
            days_left: left,
          },
    certificate_waits: row.nextCertificate !== null,
    default_profile: row.defaultProfile,
    rules: row.rules.length,
    base_url: row.baseUrl,
    user_agent: row.userAgent,
    protocol_version: row.protocolVersion,
    synced_at: isoTimeOrNull(row.syncedAt),
    fetched_at: isoTimeOrNull(row.fetchedAt),
    created_at: isoTime(row.createdAt),
    created_by: row.createdBy,
    updated_at: isoTime(row.updatedAt),
  };
}
