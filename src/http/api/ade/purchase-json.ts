import * as v from "valibot";
import type { Coverage } from "../../../business-api/coverage.ts";
import type { OrgDevice } from "../../../business-api/device.ts";
import { isoTime, Time } from "../route/times.ts";

/** How a device looks as the organisation bought it. */
const text = v.nullable(v.string());

const CoverageJson = v.pipe(
  v.object({
    description: text,
    status: text,
    payment_type: text,
    agreement_number: text,
    starts_at: text,
    ends_at: text,
    cancelled_at: text,
    is_renewable: v.nullable(v.boolean()),
    is_cancelled: v.nullable(v.boolean()),
  }),
  v.title("AppleCareCoverage"),
);

export const PurchasedDevice = v.pipe(
  v.object({
    api_account: v.string(),
    order_number: text,
    ordered_at: text,
    part_number: text,
    purchase_source: v.pipe(text, v.description("APPLE, RESELLER or MANUALLY_ADDED")),
    purchase_source_id: text,
    added_at: text,
    released_at: text,
    capacity: text,
    imei: v.array(v.string()),
    meid: v.array(v.string()),
    eid: text,
    wifi_mac_address: text,
    bluetooth_mac_address: text,
    ethernet_mac_address: v.array(v.string()),
    status: v.pipe(text, v.description("ASSIGNED or UNASSIGNED, to a server")),
    migration_capable: v.nullable(v.boolean()),
    migration_status: v.pipe(text, v.description("REQUESTED, STARTED, SUCCESS or FAILED")),
    migration_deadline: text,
    coverage: v.pipe(v.nullable(v.array(CoverageJson)), v.description("null: not read yet")),
    read_at: Time,
  }),
  v.description("As Apple's portal knows it; see docs/apple-business.md"),
  v.title("PurchasedDevice"),
);

type Purchase = { account: string; details: OrgDevice; coverage: Coverage[] | null; seenAt: number };

export const presentPurchase = ({
  account,
  details,
  coverage,
  seenAt,
}: Purchase): v.InferInput<typeof PurchasedDevice> => ({
  api_account: account,
  order_number: details.orderNumber ?? null,
  ordered_at: details.orderDateTime ?? null,
  part_number: details.partNumber ?? null,
  purchase_source: details.purchaseSourceType ?? null,
  purchase_source_id: details.purchaseSourceId ?? null,
  added_at: details.addedToOrgDateTime ?? null,
  released_at: details.releasedFromOrgDateTime ?? null,
  capacity: details.deviceCapacity ?? null,
  imei: details.imei ?? [],
  meid: details.meid ?? [],
  eid: details.eid ?? null,
  wifi_mac_address: details.wifiMacAddress ?? null,
  bluetooth_mac_address: details.bluetoothMacAddress ?? null,
  ethernet_mac_address: details.ethernetMacAddress ?? [],
  status: details.status ?? null,
  migration_capable: details.isMdmMigrationCapable ?? null,
  migration_status: details.mdmMigrationStatus ?? null,
  migration_deadline: details.mdmMigrationDeadlineDateTime ?? null,
  coverage:
    coverage?.map((one) => ({
      description: one.description ?? null,
      status: one.status ?? null,
      payment_type: one.paymentType ?? null,
      agreement_number: one.agreementNumber ?? null,
      starts_at: one.startDateTime ?? null,
      ends_at: one.endDateTime ?? null,
      cancelled_at: one.contractCancelDateTime ?? null,
      is_renewable: one.isRenewable ?? null,
      is_cancelled: one.isCanceled ?? null,
    })) ?? null,
  read_at: isoTime(seenAt),
});
