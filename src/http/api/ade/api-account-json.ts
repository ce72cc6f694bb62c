import * as v from "valibot";
import type { PortalAccountRow } from "../../../db/portal-accounts.ts";
import type { PortalActivityDeviceRow, PortalActivityRow } from "../../../db/portal-activities.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { AdeTrouble, accountName } from "./account-json.ts";

/** How API accounts of Apple's portal look in requests and answers. The private key is never in an answer. */
const text = v.nullable(v.string());

export const ApiAccount = v.pipe(
  v.object({
    name: v.string(),
    portal: v.pipe(v.picklist(["business", "school"]), v.description("Told by the client id")),
    state: v.pipe(v.string(), v.description("`ok`, or why nothing works, such as `key-revoked`")),
    state_since: Time,
    trouble: v.nullable(AdeTrouble),
    client_id: v.string(),
    key_id: v.string(),
    key_at: v.pipe(Time, v.description("When the key was stored")),
    base_url: text,
    reads_coverage: v.pipe(v.boolean(), v.description("Whether AppleCare and warranty are read")),
    synced_at: v.pipe(TimeOrNull, v.description("When all devices were last read")),
    created_at: Time,
    created_by: v.string(),
    updated_at: Time,
  }),
  v.title("ApiAccount"),
);

const key = {
  client_id: v.pipe(v.string(), v.maxLength(150), v.description("As the portal shows it: `BUSINESSAPI.…`")),
  key_id: v.pipe(v.string(), v.maxLength(150)),
  private_key: v.pipe(v.string(), v.maxLength(10_000), v.description("The PEM file that the portal gave")),
};

export const NewApiKey = v.pipe(v.strictObject(key), v.title("NewApiKey"));

export const NewApiAccount = v.pipe(
  v.strictObject({
    name: accountName,
    ...key,
    base_url: v.optional(
      v.pipe(
        v.nullable(v.pipe(v.string(), v.maxLength(500))),
        v.description("Of another service than Apple's, for tests: it gives tokens as well"),
      ),
      null,
    ),
    reads_coverage: v.optional(v.boolean(), true),
  }),
  v.title("NewApiAccount"),
);

export const ApiAccountPatch = v.pipe(
  v.strictObject({ reads_coverage: v.boolean() }),
  v.title("ApiAccountPatch"),
);

export const presentApiAccount = (row: PortalAccountRow): v.InferInput<typeof ApiAccount> => ({
  name: row.name,
  portal: row.portal,
  state: row.state,
  state_since: isoTime(row.stateSince),
  trouble: row.trouble,
  client_id: row.clientId,
  key_id: row.keyId,
  key_at: isoTime(row.keyAt),
  base_url: row.baseUrl,
  reads_coverage: row.readsCoverage,
  synced_at: isoTimeOrNull(row.syncedAt),
  created_at: isoTime(row.createdAt),
  created_by: row.createdBy,
  updated_at: isoTime(row.updatedAt),
});

export const ApiActivity = v.pipe(
  v.object({
    id: v.string(),
    account: v.string(),
    what: v.picklist(["move", "deadline", "cancel"]),
    server_id: text,
    server_name: text,
    deadline: TimeOrNull,
    devices: v.pipe(v.number(), v.integer()),
    state: v.pipe(
      v.picklist(["waiting", "sending", "running", "finished", "failed", "lost"]),
      v.description("`sending`: Apple may have it already; `lost`: Apple does not know it any more"),
    ),
    apple_id: text,
    sub_status: v.pipe(text, v.description("Apple's word, such as COMPLETED_WITH_ERROR")),
    trouble: v.nullable(AdeTrouble),
    created_at: Time,
    created_by: v.string(),
    sent_at: TimeOrNull,
    finished_at: TimeOrNull,
  }),
  v.title("ApiActivity"),
);

export const presentActivity = (row: PortalActivityRow): v.InferInput<typeof ApiActivity> => ({
  id: row.id,
  account: row.account,
  what: row.what,
  server_id: row.serverId,
  server_name: row.serverName,
  deadline: isoTimeOrNull(row.deadline),
  devices: row.devices,
  state: row.state,
  apple_id: row.appleId,
  sub_status: row.subStatus,
  trouble: row.trouble,
  created_at: isoTime(row.createdAt),
  created_by: row.createdBy,
  sent_at: isoTimeOrNull(row.sentAt),
  finished_at: isoTimeOrNull(row.finishedAt),
});

export const ActivityDevice = v.pipe(
  v.object({
    serial_number: v.string(),
    outcome: v.pipe(text, v.description("Apple's word; null: it has said nothing of this device")),
    detail: text,
  }),
  v.title("ActivityDevice"),
);

export const presentActivityDevice = (row: PortalActivityDeviceRow): v.InferInput<typeof ActivityDevice> => ({
  serial_number: row.serial,
  outcome: row.outcome,
  detail: row.detail,
});
