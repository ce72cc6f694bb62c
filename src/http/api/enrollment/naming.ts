import type { Context } from "hono";
import { includesRole } from "../../../admin/roles.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import type { IssuedFor } from "../../../db/schema/certificates.ts";
import { nameDevice } from "../../../enrollment/named-device.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { problem } from "../route/problem.ts";

export type Names = {
  serial?: string | null | undefined;
  udid?: string | undefined;
  account?: string | null | undefined;
  device_id?: string | undefined;
};

/** The device that an identity is for, if the caller may name that device. The audit entry is filed under the device. */
export async function namedDevice(
  c: Context<ApiEnv>,
  { serial, udid, account, device_id: deviceId }: Names,
): Promise<Result<IssuedFor, Response>> {
  const names = {
    ...(serial && { serial }),
    ...(udid !== undefined && { udid }),
    ...(account && { account }),
    ...(deviceId !== undefined && { deviceId }),
  };
  const isAdmin = includesRole(c.var.caller.role, "admin");
  const { issuedFor, about, refusal } = await nameDevice(c.var.db, names, isAdmin);
  if (about !== undefined) c.set("about", about);
  return refusal ? refuse(problem(c, "forbidden", refusal.detail)) : ok(issuedFor);
}
