import * as v from "valibot";
import { minimumVersions, platformSso } from "../enrollment-policies.ts";
import { setupAccounts } from "../setup-accounts.ts";
import { flag, wholeNumber } from "./forms.ts";

// How devices of Apple's portal enroll, and how they are set up.

export const automatedEntries = {
  ade_unknown_device: v.optional(
    v.pipe(
      v.picklist(["refuse", "enroll"]),
      v.description(
        "What becomes of a device at the address of automated enrollment that no account of Apple's portal has, even after these were asked",
      ),
    ),
    "refuse",
  ),
  ade_minimum_versions: v.optional(
    v.pipe(
      minimumVersions,
      v.description(
        "The system that a device must have to enroll automatically, by platform and account; it is asked to update first, if a release at least as new is known",
      ),
    ),
    [],
  ),
  ade_platform_sso: v.optional(
    v.pipe(
      v.nullable(platformSso),
      v.description(
        "Where Macs that can find their sign-in before automated enrollment (macOS 26, Platform SSO); null: none",
      ),
    ),
    null,
  ),
  ade_watch_pairing: v.optional(
    flag("Whether an Apple Watch enrolls only if the managed phone that it is paired with speaks for it"),
    true,
  ),
  setup_minutes: v.optional(
    wholeNumber(
      1,
      120,
      "For how many minutes at most a device that awaits configuration is held in Setup Assistant",
    ),
    10,
  ),
  setup_step_minutes: v.optional(wholeNumber(1, 120, "For how many minutes one step of that may hold it"), 5),
  setup_accounts: v.optional(
    v.pipe(
      v.nullable(setupAccounts),
      v.description(
        "The accounts that Macs are set up with; `administrator` gets a password of its own on each Mac, which is escrowed as managed-admin; null: Setup Assistant asks as usual",
      ),
    ),
    null,
  ),
  setup_recovery_lock: v.optional(
    flag("Whether Macs get a recovery lock as they are set up, with a password of their own, in escrow"),
    false,
  ),
} as const;
