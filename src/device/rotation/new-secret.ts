import { newPassword } from "../../mdm/new-password.ts";
import { type OwnCommand, sealOwnCommand, sealOwnCommandWith } from "../queue/own-commands.ts";
import type { Vault } from "../vault.ts";
import type { RotatedSecret } from "./settle.ts";

/** The command that replaces a secret; the device has to know the present one. */
type Making = { env: Env; vault: Vault; current: string };

export const newSecret = (name: RotatedSecret, making: Making): Promise<OwnCommand> => makers[name](making);

/** What sets the secret on the device. */
export const requestTypes: { readonly [Name in RotatedSecret]: string } = {
  "filevault-key": "RotateFileVaultKey",
  "recovery-lock": "SetRecoveryLock",
  "managed-admin": "SetAutoAdminPassword",
};

const makers: { readonly [Name in RotatedSecret]: (making: Making) => Promise<OwnCommand> } = {
  /** The Mac makes the key, and encrypts it to our escrow certificate. */
  async "filevault-key"({ env, vault, current }) {
    const { escrowCertificate } = await import("../../enrollment/escrow-certificates.ts");
    return sealOwnCommand(vault, {
      RequestType: requestTypes["filevault-key"],
      KeyType: "personal",
      FileVaultUnlock: { Password: current },
      ReplyEncryptionCertificate: await escrowCertificate(env),
    });
  },

  "recovery-lock"({ vault, current }) {
    const password = newPassword();
    const command = {
      RequestType: requestTypes["recovery-lock"],
      CurrentPassword: current,
      NewPassword: password,
    };
    return sealOwnCommandWith(vault, { "recovery-lock": password }, command);
  },

  /** The Mac is asked for the account first; its answer brings the command. */
  async "managed-admin"({ vault }) {
    const { prepareRotation } = await import("../results/rotate-admin.ts");
    return prepareRotation(vault);
  },
};
