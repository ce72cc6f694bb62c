import * as v from "valibot";
import { usualPricing } from "../../../apps-and-books/asset.ts";
import { longestTokenFile } from "../../../apps-and-books/content-token.ts";
import { day } from "../../../base/time.ts";
import type { ContentLocationRow } from "../../../db/content-locations.ts";
import { AdeTrouble, accountName } from "../ade/account-json.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";

/** How locations look in requests and answers. Nothing of a token is ever in an answer. */
const text = v.nullable(v.string());

const MdmInfo = v.object({ id: v.string(), name: v.string(), metadata: v.string() });

export const Location = v.pipe(
  v.object({
    name: v.string(),
    state: v.pipe(v.string(), v.description("`ok`, or why nothing works, such as `token-revoked`")),
    state_since: Time,
    trouble: v.nullable(AdeTrouble),
    managed_by: v.pipe(
      v.nullable(MdmInfo),
      v.description(
        "Another server that manages it: nothing is written until it is taken over. null: this server",
      ),
    ),
    library_id: v.pipe(v.string(), v.description("Apple's id of the library: it stays through all tokens")),
    location_name: text,
    organization: v.string(),
    country: text,
    token: v.object({
      uploaded_at: Time,
      expires_at: Time,
      days_left: v.pipe(v.number(), v.integer()),
    }),
    notifications: v.pipe(
      text,
      v.description("The address that Apple calls when something changes; null: Apple is asked every hour"),
    ),
    base_url: text,
    synced_at: v.pipe(TimeOrNull, v.description("When all lists were last read")),
    created_at: Time,
    created_by: v.string(),
    updated_at: Time,
  }),
  v.title("ContentLocation"),
);

const token = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(longestTokenFile),
  v.description("The content of the file that Apple's portal gives, sToken_for_….vpptoken"),
);

export const NewLocation = v.pipe(
  v.strictObject({
    name: accountName,
    token,
    base_url: v.optional(
      v.pipe(
        v.nullable(v.pipe(v.string(), v.maxLength(500))),
        v.description("Of another service than Apple's, for tests"),
      ),
      null,
    ),
  }),
  v.title("NewContentLocation"),
);

export const NewLocationToken = v.pipe(v.strictObject({ token }), v.title("NewContentToken"));

export const takeOverQuery = {
  take_over: v.optional(
    v.pipe(v.boolean(), v.description("Also if another server manages the location at Apple")),
    false,
  ),
};

export const presentLocation = (row: ContentLocationRow): v.InferInput<typeof Location> => ({
  name: row.name,
  state: row.rival ? "managed-elsewhere" : row.state,
  state_since: isoTime(row.stateSince),
  trouble: row.trouble,
  managed_by: row.rival,
  library_id: row.uid,
  location_name: row.locationName,
  organization: row.organization,
  country: row.country,
  token: {
    uploaded_at: isoTime(row.tokenAt),
    expires_at: isoTime(row.tokenExpiresAt),
    days_left: Math.floor((row.tokenExpiresAt - Date.now()) / day),
  },
  notifications: row.notificationUrl,
  base_url: row.baseUrl,
  synced_at: isoTimeOrNull(row.syncedAt),
  created_at: isoTime(row.createdAt),
  created_by: row.createdBy,
  updated_at: isoTime(row.updatedAt),
});

export const adamId = v.pipe(
  v.string(),
  v.regex(/^\d{1,20}$/, "is a number, as in the address of an app in the store"),
  v.description("Apple's number of the app or book"),
);

export const pricing = v.optional(
  v.pipe(v.picklist(["STDQ", "PLUS"]), v.description("`PLUS`: a book in high quality")),
  usualPricing,
);
