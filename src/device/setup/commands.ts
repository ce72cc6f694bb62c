import { loadSettings } from "../../admin/settings.ts";
import type { SetupAccounts } from "../../admin/setup-accounts.ts";
import { newPassword } from "../../mdm/new-password.ts";
import type { PlistInput } from "../../plist/value.ts";
import type { EnrollmentTerms } from "../identity/enrollment.ts";
import { type OwnCommand, sealOwnCommandWith } from "../queue/own-commands.ts";
import type { Vault } from "../vault.ts";
import type { StepName } from "./steps.ts";

/** The steps that one command makes, or that the enrollment profile has made already. */
export type CommandStep = Exclude<StepName, "profiles" | "declarations" | "apps">;

type Made =
  | { command: OwnCommand }
  | { ended: { state: "done"; error: null } | { state: "failed"; error: string } };

type Making = { env: Env; vault: Vault; terms: string | null };

export const isCommandStep = (name: string): name is CommandStep => Object.hasOwn(makers, name);

export const commandOf = (name: CommandStep, making: Making): Promise<Made> => makers[name](making);

const makers: { readonly [Name in CommandStep]: (making: Making) => Promise<Made> } = {
  /** It came with the enrollment profile: a Mac takes no second payload of that kind. */
  async "file-vault-escrow"({ terms }) {
    const { fileVaultEscrow } = JSON.parse(terms ?? "{}") as Partial<EnrollmentTerms>;
    if (fileVaultEscrow) return { ended: { state: "done", error: null } };
    const error =
      "the profile that the Mac enrolled with was made before file_vault_escrow was set; renewing its identity brings it";
    return { ended: { state: "failed", error } };
  },

  async accounts({ env, vault }) {
    const { setup_accounts: accounts } = await loadSettings(env, Date.now());
    if (accounts === null) return { ended: { state: "done", error: null } };
    const password = newPassword();
    const command = { RequestType: "AccountConfiguration", ...(await accountKeys(env, accounts, password)) };
    const secrets = accounts.administrator ? { "managed-admin": password } : {};
    return { command: await sealOwnCommandWith(vault, secrets, command) };
  },

  async "recovery-lock"({ vault }) {
    const password = newPassword();
    const command = { RequestType: "SetRecoveryLock", NewPassword: password };
    return { command: await sealOwnCommandWith(vault, { "recovery-lock": password }, command) };
  },
};

/** Hashing takes longer than this object should: the registrar's does it. */
async function accountKeys(
  env: Env,
  { administrator, ...keys }: SetupAccounts,
  password: string,
): Promise<{ [key: string]: PlistInput }> {
  if (administrator === undefined) return keys;
  const passwordHash = await env.REGISTRAR.getByName("registrar").hashAccountPassword(password);
  return { ...keys, AutoSetupAdminAccounts: [{ ...administrator, passwordHash }] };
}
