// Devices as Apple's factory makes them, and how they are told to callers of each protocol version.

export type FactoryDevice = {
  readonly serial_number: string;
  readonly model: string;
  readonly description: string;
  readonly color: string;
  readonly asset_tag: string;
  readonly device_family: "iPad" | "iPhone" | "iPod" | "Mac" | "AppleTV" | "Vision";
  readonly profile_status: "empty" | "assigned" | "pushed" | "removed";
  readonly profile_uuid?: string | undefined;
  readonly profile_assign_time?: string | undefined;
  readonly profile_push_time?: string | undefined;
  readonly device_assigned_date: string;
  readonly device_assigned_by: string;
  readonly mdm_migration_deadline?: string | undefined;
  readonly wifi_mac_address?: string;
  readonly imei?: readonly string[];
  readonly is_replacement_device?: boolean;
  readonly released_by_replacement?: boolean;
};

const kinds = [
  {
    device_family: "Mac",
    model: "MacBook Air",
    description: "MBAIR 13.6 MDN/8C GPU/16GB/256GB",
    color: "MIDNIGHT",
  },
  {
    device_family: "iPad",
    model: "iPad (10th generation)",
    description: "IPAD WIFI 64GB BLUE",
    color: "BLUE",
  },
  { device_family: "iPhone", model: "iPhone 16", description: "IPHONE 16 BLACK 128GB", color: "BLACK" },
  { device_family: "AppleTV", model: "Apple TV 4K", description: "APPLE TV 4K 64GB", color: "BLACK" },
] as const;

const letters = "0123456789CDFGHJKLMNPQRTVWXY";

/** The serial number with that number: ten letters, each number another one. */
export function serialNumber(number: number): string {
  let rest = number;
  let text = "";
  for (let at = 0; at < 6; at++) {
    text = letters[rest % letters.length] + text;
    rest = Math.floor(rest / letters.length);
  }
  return `FAKE${text}`;
}

export function makeDevice(number: number, now: number, changes: Partial<FactoryDevice> = {}): FactoryDevice {
  const kind = kinds[number % kinds.length] as (typeof kinds)[number];
  const mac = [2, 0, 0, number >> 16, number >> 8, number].map((part) =>
    (part & 255).toString(16).padStart(2, "0"),
  );
  return {
    serial_number: serialNumber(number),
    ...kind,
    asset_tag: "",
    profile_status: "empty",
    device_assigned_date: timeText(now),
    device_assigned_by: "buyer@example.com",
    wifi_mac_address: mac.join(":").toUpperCase(),
    ...(kind.device_family === "iPhone" && { imei: [String(350000000000000 + number)] }),
    ...changes,
  };
}

/** Whole seconds, as Apple writes them. */
export const timeText = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, "");

const sinceVersion: readonly [number, readonly string[]][] = [
  [2, ["device_family", "os"]],
  [8, ["mdm_migration_deadline"]],
  [10, ["wifi_mac_address", "imei", "is_replacement_device", "released_by_replacement"]],
];

export function told(device: FactoryDevice, version: number): Record<string, unknown> {
  const hidden = sinceVersion.filter(([since]) => version < since).flatMap(([, keys]) => keys);
  const all = { ...device, os: systemOf(device.device_family, version) };
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) => value !== undefined && !hidden.includes(key)),
  );
}

function systemOf(family: FactoryDevice["device_family"], version: number): string {
  if (family === "Mac") return "OSX";
  if (family === "AppleTV") return "tvOS";
  if (family === "Vision") return "visionOS";
  return family === "iPad" && version >= 7 ? "iPadOS" : "iOS";
}
