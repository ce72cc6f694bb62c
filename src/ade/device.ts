import { compact, flagAt, isObject, type JsonObject, listAt, textAt, textsAt } from "./json.ts";

/**
 * A device as Apple's service tells of it, in Apple's names.
 * https://developer.apple.com/documentation/devicemanagement/device
 *
 * The surprise: every key but the serial number may be missing, letter case has varied, and a value that no list knows
 * is kept as text.
 */
const textKeys = [
  "model",
  "description",
  "color",
  "asset_tag",
  "device_family",
  "os",
  "profile_status",
  "profile_uuid",
  "profile_assign_time",
  "profile_push_time",
  "device_assigned_date",
  "device_assigned_by",
  "mdm_migration_deadline",
  "wifi_mac_address",
  "bluetooth_mac_address",
  "ethernet_mac_address",
  "eid",
  "op_date",
  "response_status",
] as const;

type Texts = { [key in (typeof textKeys)[number]]?: string };

export type OpType = "added" | "modified" | "deleted";

export type AdeDevice = Texts & {
  serial_number: string;
  /** Only in a delta; what is not known counts as `modified`. */
  op_type?: OpType;
  imei?: string[];
  meid?: string[];
  is_replacement_device?: boolean;
  released_by_replacement?: boolean;
};

const serialShape = /^[!-~]{1,64}$/;

/** undefined for what names no device. */
export function readDevice(value: unknown, serial?: string): AdeDevice | undefined {
  if (!isObject(value)) return undefined;
  const serial_number = textAt(value, "serial_number") ?? serial ?? "";
  if (!serialShape.test(serial_number)) return undefined;
  return {
    serial_number,
    ...readTexts(value),
    ...compact({
      op_type: readOpType(value),
      profile_status: textAt(value, "profile_status")?.toLowerCase(),
      imei: textsAt(value, "imei"),
      meid: textsAt(value, "meid"),
      is_replacement_device: flagAt(value, "is_replacement_device"),
      released_by_replacement: flagAt(value, "released_by_replacement"),
    }),
  };
}

const readTexts = (value: JsonObject): Texts =>
  Object.fromEntries(
    textKeys.flatMap((key) => {
      const text = textAt(value, key);
      return text === undefined || text === "" ? [] : [[key, text]];
    }),
  );

function readOpType(value: JsonObject): OpType | undefined {
  const type = textAt(value, "op_type")?.toLowerCase();
  if (type === undefined) return undefined;
  return type === "added" || type === "deleted" ? type : "modified";
}

/** Of one of Apple's times; undefined for none. */
export function timeOf(text: string | undefined): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

export type DevicePage = {
  devices: AdeDevice[];
  /** Opaque: whatever is in it goes back as it came. */
  cursor: string;
  more_to_follow: boolean;
  fetched_until: string | undefined;
  /** Entries that named no device. */
  unreadable: number;
};

/** One page of a fetch or of a delta; undefined for what is none. */
export function readDevicePage(page: JsonObject): DevicePage | undefined {
  const entries = listAt(page, "devices");
  const cursor = textAt(page, "cursor") ?? "";
  const more_to_follow = flagAt(page, "more_to_follow");
  if (!entries || cursor === "" || more_to_follow === undefined) return undefined;
  const devices = entries.map((entry) => readDevice(entry)).filter((device) => device !== undefined);
  return {
    devices,
    cursor,
    more_to_follow,
    fetched_until: textAt(page, "fetched_until"),
    unreadable: entries.length - devices.length,
  };
}
