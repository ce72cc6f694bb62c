import type { AdeProfile } from "../ade/profile.ts";
import type { MigratingDevice } from "../db/ade-migrations.ts";

/**
 * Whether a device that must move here by a deadline finds everything: Apple moves it then, ready or not. What it was
 * managed with before goes when it is released from its set-up, so it must be held until the new is there.
 */
export type Check = {
  check:
    | "token"
    | "profile"
    | "profile-assigned"
    | "awaits-configuration"
    | "not-shared"
    | "file-vault-escrow";
  ready: boolean;
  /** What is there, or what is missing and what to do. */
  detail: string;
};

export function readinessOf(device: MigratingDevice, hasEscrow: boolean, now: number): Check[] {
  const profile = device.value;
  return [
    tokenCheck(device, now),
    profile
      ? check("profile", true, `it should have the ADE profile ${device.profile}`)
      : check("profile", false, "no rule gives it an ADE profile: add a rule, or assign one by hand"),
    ...(profile ? checksOf(device, profile) : []),
    ...(device.family === "Mac" ? [escrowCheck(hasEscrow)] : []),
  ];
}

const check = (name: Check["check"], ready: boolean, detail: string): Check => ({
  check: name,
  ready,
  detail,
});

function tokenCheck(
  { account, accountState, tokenExpiresAt, deadline }: MigratingDevice,
  now: number,
): Check {
  if (accountState !== "ok")
    return check(
      "token",
      false,
      `Apple does not serve the ADE account ${account} (${accountState}): see its remedy`,
    );
  const ends = tokenExpiresAt === null ? undefined : new Date(tokenExpiresAt).toISOString().slice(0, 10);
  if (tokenExpiresAt !== null && tokenExpiresAt < Math.max(deadline, now))
    return check("token", false, `the token of ${account} ends on ${ends}, before the deadline: renew it`);
  return check("token", true, `Apple serves the ADE account ${account}`);
}

function checksOf(device: MigratingDevice, profile: AdeProfile): Check[] {
  const { profileStatus, profileUuid, definedUuid } = device;
  const isAssigned =
    definedUuid !== null &&
    profileUuid === definedUuid &&
    (profileStatus === "assigned" || profileStatus === "pushed");
  return [
    isAssigned
      ? check("profile-assigned", true, "Apple has assigned its newest version")
      : check(
          "profile-assigned",
          false,
          "Apple has not assigned its newest version: it is done by itself; see the device's assignment if it stays",
        ),
    profile.await_device_configured === true
      ? check("awaits-configuration", true, "it waits in its set-up until it has what it should have")
      : check(
          "awaits-configuration",
          false,
          `the ADE profile ${device.profile} lacks await_device_configured: managed apps and their data would be removed at the move`,
        ),
    profile.is_multi_user === true
      ? check(
          "not-shared",
          false,
          `the ADE profile ${device.profile} is for Shared iPad, and such devices do not move`,
        )
      : check("not-shared", true, "the ADE profile is not for Shared iPad"),
  ];
}

const escrowCheck = (hasEscrow: boolean): Check =>
  hasEscrow
    ? check("file-vault-escrow", true, "its enrollment profile brings the escrow of its FileVault key")
    : check(
        "file-vault-escrow",
        false,
        "the enrollment setting file_vault_escrow is not set: the new FileVault key of this Mac would be in nobody's escrow",
      );

export const isReady = (checks: readonly Check[]): boolean => checks.every(({ ready }) => ready);
