import type { devices } from "./schema/devices.ts";

/** Filters for the list of devices. A device must match all that are given. */
export type DeviceFilters = {
  state?: DeviceState | undefined;
  kind?: (typeof devices.$inferSelect)["kind"] | undefined;
  platform?: NonNullable<(typeof devices.$inferSelect)["platform"]> | undefined;
  /** OS versions as numbers that sort, both included. */
  osMin?: number | undefined;
  osMax?: number | undefined;
  serial?: string | undefined;
  /** The short name of a user channel. */
  user?: string | undefined;
  /**
   * Whether reported serial numbers and users count or only proven ones. A search for a device wants all that report the
   * value; giving something to the found devices needs proof. Never stored: a setting decides each time.
   */
  identifiers?: "proven" | "reported" | undefined;
  /** The id of the person that it belongs to. */
  person?: string | undefined;
  /** What is known of that person, in whatever case. */
  userEmail?: string | undefined;
  userDepartment?: string | undefined;
  tag?: string | undefined;
  /** A set that it has on any of its channels, given or by the set's own filter. */
  set?: string | undefined;
  /** The identifier of an app that it reported. */
  app?: string | undefined;
  /** Something that it should have failed there: anything, or this one. */
  failed?: "anything" | { kind: "profile" | "declaration" | "app"; name: string } | undefined;
  /** An attribute set by administrators, with exactly this value. */
  attribute?: { name: string; value: string } | undefined;
  /** An attribute that is a number or a date: at least, and at most this one. */
  attributeMin?: { name: string; value: string } | undefined;
  attributeMax?: { name: string; value: string } | undefined;
  seenBefore?: number | undefined;
  seenAfter?: number | undefined;
  supervised?: boolean | undefined;
  encrypted?: boolean | undefined;
  passcodePresent?: boolean | undefined;
  passcodeCompliant?: boolean | undefined;
  activationLock?: boolean | undefined;
  lostMode?: boolean | undefined;
  /** The time of the last inventory. */
  inventoryBefore?: number | undefined;
  inventoryAfter?: number | undefined;
  /** Attested by Apple since this time. */
  attestedAfter?: number | undefined;
  /** Beginnings of words; all of them must match. */
  words?: readonly string[] | undefined;
};

export type DeviceState = (typeof devices.$inferSelect)["state"];
