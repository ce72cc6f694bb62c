import { compact, flagAt, isObject, type JsonObject, textAt, textsAt } from "../ade/json.ts";

/** A device of the organisation, in Apple's names: as it was bought, whichever server it is assigned to. */
export type OrgDevice = {
  serialNumber: string;
  addedToOrgDateTime?: string;
  releasedFromOrgDateTime?: string;
  updatedDateTime?: string;
  deviceModel?: string;
  productFamily?: string;
  productType?: string;
  deviceCapacity?: string;
  partNumber?: string;
  orderNumber?: string;
  orderDateTime?: string;
  color?: string;
  /** `ASSIGNED` or `UNASSIGNED`. */
  status?: string;
  imei?: string[];
  meid?: string[];
  eid?: string;
  wifiMacAddress?: string;
  bluetoothMacAddress?: string;
  ethernetMacAddress?: string[];
  /** `APPLE`, `RESELLER`, `MANUALLY_ADDED`. */
  purchaseSourceType?: string;
  purchaseSourceId?: string;
  isMdmMigrationCapable?: boolean;
  /** `REQUESTED`, `STARTED`, `SUCCESS`, `FAILED`. */
  mdmMigrationStatus?: string;
  mdmMigrationDeadlineDateTime?: string;
};

const texts = [
  "addedToOrgDateTime",
  "releasedFromOrgDateTime",
  "updatedDateTime",
  "deviceModel",
  "productFamily",
  "productType",
  "deviceCapacity",
  "partNumber",
  "orderNumber",
  "orderDateTime",
  "color",
  "status",
  "eid",
  "wifiMacAddress",
  "bluetoothMacAddress",
  "purchaseSourceType",
  "purchaseSourceId",
  "mdmMigrationStatus",
  "mdmMigrationDeadlineDateTime",
] as const;

/** Some have been a text where several are possible. */
const lists = ["imei", "meid", "ethernetMacAddress"] as const;

export function readOrgDevice(value: JsonObject): OrgDevice | undefined {
  const attributes = isObject(value.attributes) ? value.attributes : {};
  const serialNumber = textAt(attributes, "serialNumber") ?? textAt(value, "id") ?? "";
  if (!isSerial(serialNumber)) return undefined;
  return {
    serialNumber,
    ...compact({
      ...Object.fromEntries(texts.map((key) => [key, textAt(attributes, key) || undefined])),
      ...Object.fromEntries(lists.map((key) => [key, listOf(attributes, key)])),
      isMdmMigrationCapable: flagAt(attributes, "isMdmMigrationCapable"),
    }),
  };
}

export const isSerial = (text: string): boolean => /^[!-~]{1,64}$/.test(text);

function listOf(attributes: JsonObject, key: string): string[] | undefined {
  const values = textsAt(attributes, key) ?? [textAt(attributes, key) ?? ""];
  const given = values.filter((value) => value !== "").slice(0, 10);
  return given.length > 0 ? given : undefined;
}
