import * as v from "valibot";
import type { NamedOutcomes } from "../../../apple-business/named-devices.ts";
import type { ListedDevice } from "../../../db/ade-devices.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { PurchasedDevice, presentPurchase } from "./purchase-json.ts";

/** How devices of Apple's portal look in answers. */
const text = v.nullable(v.string());

export const AdeDevice = v.pipe(
  v.object({
    serial_number: v.string(),
    account: v.string(),
    model: text,
    device_family: text,
    os: text,
    description: text,
    color: text,
    asset_tag: text,
    profile: v.pipe(text, v.description("The ADE profile that it should have")),
    chosen_by_hand: v.pipe(v.boolean(), v.description("Rules do not change it")),
    profile_status: v.pipe(text, v.description("As Apple says; `pushed` is no proof of enrollment")),
    profile_uuid: text,
    assignment: v.nullable(
      v.object({
        at: Time,
        outcome: v.pipe(text, v.description("What Apple said")),
        tries: v.number(),
        next_at: v.pipe(TimeOrNull, v.description("When it is looked at again; null: when Apple tells news")),
      }),
    ),
    device_assigned_date: text,
    device_assigned_by: text,
    mdm_migration_deadline: v.pipe(TimeOrNull, v.description("By then it must have moved here")),
    is_replacement_device: v.boolean(),
    device_id: v.pipe(text, v.description("The device that is enrolled here with this serial number")),
    device_state: text,
    purchase: v.pipe(
      v.nullable(PurchasedDevice),
      v.description("As an API account read it; null: none did. See docs/apple-business.md"),
    ),
    first_seen_at: Time,
    seen_at: Time,
    deleted_at: v.pipe(TimeOrNull, v.description("Not this server's any more; what was escrowed stays")),
  }),
  v.title("AdeDevice"),
);

export function presentDevice(row: ListedDevice): v.InferInput<typeof AdeDevice> {
  const { details } = row;
  return {
    serial_number: row.serial,
    account: row.account,
    model: row.model,
    device_family: row.family,
    os: row.os,
    description: details.description ?? null,
    color: details.color ?? null,
    asset_tag: details.asset_tag ?? null,
    profile: row.profile,
    chosen_by_hand: row.chosenProfile !== null,
    profile_status: row.profileStatus,
    profile_uuid: row.profileUuid,
    assignment:
      row.assignedAt === null
        ? null
        : {
            at: isoTime(row.assignedAt),
            outcome: row.assignOutcome,
            tries: row.assignTries,
            next_at: isoTimeOrNull(row.checkAt),
          },
    device_assigned_date: details.device_assigned_date ?? null,
    device_assigned_by: details.device_assigned_by ?? null,
    mdm_migration_deadline: isoTimeOrNull(row.migrationDeadline),
    is_replacement_device: details.is_replacement_device ?? false,
    device_id: row.deviceId,
    device_state: row.deviceState,
    purchase: row.purchase && presentPurchase(row.purchase),
    first_seen_at: isoTime(row.firstSeenAt),
    seen_at: isoTime(row.seenAt),
    deleted_at: isoTimeOrNull(row.deletedAt),
  };
}

export const serialNumbers = (most: number) =>
  v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[!-~]{1,64}$/, "must be a serial number"))),
    v.minLength(1),
    v.maxLength(most),
  );

export const Outcomes = v.pipe(
  v.object({
    items: v.array(
      v.object({
        serial_number: v.string(),
        account: text,
        outcome: v.pipe(
          v.string(),
          v.description(
            "Apple's SUCCESS, NOT_ACCESSIBLE, FAILED or THROTTLED; or unknown-device; or not-asked, for a reason in refusals",
          ),
        ),
      }),
    ),
    refusals: v.array(
      v.object({
        account: v.string(),
        reason: v.string(),
        code: text,
        detail: v.string(),
        remedy: text,
      }),
    ),
  }),
  v.title("AdeOutcomes"),
);

export const presentOutcomes = ({ items, refusals }: NamedOutcomes): v.InferInput<typeof Outcomes> => ({
  items: items.map(({ serial, account, outcome }) => ({ serial_number: serial, account, outcome })),
  refusals: refusals.map(({ account, refusal }) => ({
    account,
    reason: refusal.reason,
    code: "code" in refusal ? (refusal.code ?? null) : null,
    detail: refusal.detail,
    remedy: "remedy" in refusal ? refusal.remedy : null,
  })),
});
