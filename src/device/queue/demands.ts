import type { Demands } from "../../catalog/demands.ts";

/** Facts about the enrollment that the device's object knows and the directory does not. */
export type KnownEnrollment = {
  /** The rights in the enrollment profile; undefined: not known. */
  accessRights: number | undefined;
  byUser: boolean;
  sharedIpad: boolean | undefined;
};

export type UnmetDemand = {
  reason: "forbidden-by-access-rights" | "shared-ipad" | "wrong-channel";
  detail: string;
};

/** The first demand of a command that this enrollment does not meet. An unknown fact refuses nothing. */
export function unmetDemand(
  { right, sharedIpad }: Demands,
  known: KnownEnrollment,
  userId: string,
): UnmetDemand | undefined {
  const { accessRights, byUser } = known;
  // A user enrollment always has the same rights, whatever its payload says.
  if (right && accessRights !== undefined && !byUser && (accessRights & right.bit) === 0) {
    return {
      reason: "forbidden-by-access-rights",
      detail: `the enrollment has AccessRights ${accessRights}; it needs ${right.bit} (${right.name})`,
    };
  }
  if (sharedIpad === undefined || known.sharedIpad === undefined) return undefined;
  if (!known.sharedIpad) {
    return sharedIpad.mode === "required"
      ? { reason: "shared-ipad", detail: "it works only on a Shared iPad" }
      : undefined;
  }
  if (sharedIpad.mode === "forbidden")
    return { reason: "shared-ipad", detail: "it does not work on a Shared iPad" };
  const channel = userId === "" ? "device" : "user";
  return sharedIpad[channel]
    ? undefined
    : { reason: "wrong-channel", detail: `on a Shared iPad it does not work on the ${channel} channel` };
}
