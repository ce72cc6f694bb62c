import * as v from "valibot";
import { unlimited } from "../../../apps-and-books/asset.ts";
import type { ContentAssetRow } from "../../../db/content-assets.ts";
import type { ContentUserRow } from "../../../db/content-users.ts";
import type { LicenceRow } from "../../../db/licence-keys.ts";
import type { LicenceOrderRow } from "../../../db/licence-orders.ts";
import type { StoreItemRow } from "../../../db/store-items.ts";
import { AdeTrouble } from "../ade/account-json.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { adamId, pricing } from "./location-json.ts";

/** How what a location has, and who has it, looks in requests and answers. */
const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());

export const Asset = v.pipe(
  v.object({
    adam_id: v.string(),
    pricing: v.string(),
    kind: v.pipe(v.string(), v.description("`App` or `Book`")),
    name: v.pipe(text, v.description("As the store says; null: it is not known yet")),
    bundle_id: text,
    seller: text,
    icon_url: text,
    version: v.pipe(text, v.description("The newest in the store")),
    external_version_id: v.pipe(text, v.description("Of that version: what an app may be pinned to")),
    platforms: v.array(v.string()),
    for_devices: v.pipe(v.boolean(), v.description("Whether devices get licences; else only people")),
    revocable: v.pipe(v.boolean(), v.description("Whether a licence can be taken back")),
    total: v.pipe(v.nullable(count), v.description("null: without a bound")),
    assigned: count,
    available: v.pipe(v.nullable(count), v.description("null: without a bound")),
  }),
  v.title("ContentAsset"),
);

const bounded = (number: number): number | null => (number >= unlimited ? null : number);

export const presentAsset = ({
  asset,
  item,
}: {
  asset: ContentAssetRow;
  item: StoreItemRow | null;
}): v.InferInput<typeof Asset> => ({
  adam_id: asset.adamId,
  pricing: asset.pricing,
  kind: asset.kind,
  name: item?.name ?? null,
  bundle_id: item?.bundleId ?? null,
  seller: item?.seller ?? null,
  icon_url: item?.iconUrl ?? null,
  version: item?.version ?? null,
  external_version_id: item?.externalVersionId ?? null,
  platforms: asset.platforms,
  for_devices: asset.isForDevices,
  revocable: asset.isRevocable,
  total: bounded(asset.total),
  assigned: Math.max(0, asset.assigned),
  available: bounded(asset.total) === null ? null : Math.max(0, asset.available),
});

export const Licence = v.pipe(
  v.object({
    adam_id: v.string(),
    pricing: v.string(),
    serial_number: v.pipe(text, v.description("The device that has it; null: a user does")),
    client_user_id: text,
    state: v.pipe(
      v.picklist(["held", "wanted", "ordered", "leaving", "failed"]),
      v.description(
        "`held`: Apple says so; `wanted`: ordered next; `ordered`: Apple is at it; `leaving`: to be taken back; `failed`: see `trouble`",
      ),
    ),
    held_since: TimeOrNull,
    wanted_by: v.pipe(text, v.description("A token's id, or `app:{name}`; null: assigned elsewhere")),
    trouble: v.nullable(AdeTrouble),
    next_try_at: v.pipe(TimeOrNull, v.description("null: nothing is tried before something changes")),
  }),
  v.title("Licence"),
);

export const presentLicence = (row: LicenceRow): v.InferInput<typeof Licence> => ({
  adam_id: row.adamId,
  pricing: row.pricing,
  serial_number: row.holderKind === "device" ? row.holder : null,
  client_user_id: row.holderKind === "user" ? row.holder : null,
  state: stateOf(row),
  held_since: isoTimeOrNull(row.heldAt),
  wanted_by: row.intent === "hold" ? row.intentBy : null,
  trouble: row.trouble,
  next_try_at: isoTimeOrNull(row.dueAt),
});

function stateOf({ intent, heldAt, orderId, trouble }: LicenceRow) {
  if (trouble && orderId === null) return "failed";
  if (intent === "free") return "leaving";
  if (heldAt !== null) return "held";
  return orderId === null ? "wanted" : "ordered";
}

/** A wish is one write of all its licences. */
const mostLicences = 20_000;

const serial = v.pipe(v.string(), v.regex(/^[A-Z0-9-]{4,64}$/, "is a serial number"));

export const clientUserId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(100),
  v.regex(/^[ -~\u00a0-\uffff]+$/, "has no control characters"),
);

const holders = {
  serial_numbers: v.optional(v.pipe(v.array(serial), v.maxLength(1_000)), []),
  client_user_ids: v.optional(v.pipe(v.array(clientUserId), v.maxLength(1_000)), []),
};

const namesSomebody = ({
  serial_numbers,
  client_user_ids,
}: {
  serial_numbers: string[];
  client_user_ids: string[];
}) => serial_numbers.length + client_user_ids.length > 0;

export const HoldersLeaving = v.pipe(
  v.strictObject(holders),
  v.check((given) => namesSomebody(given), "names no device and no user"),
  v.title("LicenceHolders"),
);

export const LicenceWish = v.pipe(
  v.strictObject({
    assets: v.pipe(v.array(v.strictObject({ adam_id: adamId, pricing })), v.minLength(1), v.maxLength(30)),
    ...holders,
  }),
  v.check((given) => namesSomebody(given), "names no device and no user"),
  v.check(
    ({ assets, serial_numbers, client_user_ids }) =>
      assets.length * (serial_numbers.length + client_user_ids.length) <= mostLicences,
    `is more than ${mostLicences} licences: send it in parts`,
  ),
  v.title("LicenceWish"),
);

export const Order = v.pipe(
  v.object({
    id: v.string(),
    what: v.picklist(["associate", "disassociate", "revoke", "create", "update", "retire"]),
    assets: v.array(v.object({ adam_id: v.string(), pricing: v.string() })),
    holders: v.pipe(count, v.description("How many devices or users")),
    state: v.pipe(
      v.picklist(["sending", "running", "complete", "failed", "lost"]),
      v.description(
        "`lost`: nobody knows what became of it; the lists are read, and what is missing is ordered again",
      ),
    ),
    event_id: v.pipe(text, v.description("Apple's id of it")),
    trouble: v.nullable(AdeTrouble),
    sent_at: Time,
    finished_at: TimeOrNull,
  }),
  v.title("LicenceOrder"),
);

export const presentOrder = (row: LicenceOrderRow): v.InferInput<typeof Order> => ({
  id: row.id,
  what: row.what,
  assets: row.assets.map(({ adamId: adam_id, pricing: quality }) => ({ adam_id, pricing: quality })),
  holders: row.holders,
  state: row.state,
  event_id: row.eventId,
  trouble: row.trouble,
  sent_at: isoTime(row.sentAt),
  finished_at: isoTimeOrNull(row.finishedAt),
});

export const User = v.pipe(
  v.object({
    client_user_id: v.string(),
    email: text,
    managed_apple_id: text,
    status: v.pipe(
      text,
      v.description(
        "Apple's word: `Registered` (invited), `Associated`, `Retired`; null: Apple is told next",
      ),
    ),
    trouble: v.nullable(AdeTrouble),
  }),
  v.title("ContentUser"),
);

export const UserFacts = v.pipe(
  v.strictObject({
    email: v.optional(v.pipe(v.string(), v.email(), v.maxLength(200))),
    managed_apple_id: v.optional(
      v.pipe(
        v.string(),
        v.email(),
        v.maxLength(200),
        v.description("Associates at once, without an invitation"),
      ),
    ),
  }),
  v.title("ContentUserFacts"),
);

export const presentUser = (row: ContentUserRow): v.InferInput<typeof User> => ({
  client_user_id: row.clientUserId,
  email: row.email,
  managed_apple_id: row.managedAppleId,
  status: row.status,
  trouble: row.trouble,
});
