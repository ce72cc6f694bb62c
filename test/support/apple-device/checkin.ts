/** The check-in messages, as dictionaries (Apple: mdm/checkin). What is optional appears when a device would send it. */
import type { Flavour, Hardware } from "./flavours.ts";
import type { Entries } from "./plist.ts";
import { rights } from "./profile.ts";

/** The keys that say who speaks: `UDID` or `EnrollmentID`, and on a user channel who the user is. */
export type Ids = Readonly<Record<string, string>>;

export function authenticate(input: {
  ids: Ids;
  topic: string;
  flavour: Flavour;
  hardware: Hardware;
  deviceName: string;
  /** Another than it was born with. */
  osVersion: string | undefined;
  accessRights: number;
  /** Macs send one; nobody has said what for. */
  challenge: Uint8Array | undefined;
}): Entries {
  const { flavour, hardware } = input;
  const mac = flavour.platform === "macos";
  const byUser = "EnrollmentID" in input.ids;
  const mayTell = byUser || (input.accessRights & rights.deviceInformation) !== 0;
  return {
    MessageType: "Authenticate",
    Topic: input.topic,
    ...input.ids,
    Challenge: input.challenge,
    ...(mac ? { DeviceName: input.deviceName, Model: flavour.model, ModelName: flavour.modelName } : {}),
    ...(mayTell
      ? {
          OSVersion: input.osVersion ?? flavour.osVersion,
          BuildVersion: flavour.buildVersion,
          ProductName: flavour.productName,
        }
      : {}),
    ...(mayTell && !byUser
      ? { SerialNumber: hardware.serialNumber, IMEI: hardware.imei, MEID: hardware.imei?.slice(0, 14) }
      : {}),
  };
}

export const tokenUpdate = (input: {
  ids: Ids;
  topic: string;
  token: Uint8Array;
  pushMagic: string;
  unlockToken?: Uint8Array | undefined;
  awaitingConfiguration?: boolean | undefined;
  notOnConsole?: boolean | undefined;
}): Entries => ({
  MessageType: "TokenUpdate",
  Topic: input.topic,
  ...input.ids,
  Token: input.token,
  PushMagic: input.pushMagic,
  UnlockToken: input.unlockToken,
  AwaitingConfiguration: input.awaitingConfiguration,
  NotOnConsole: input.notOnConsole,
});

export const checkOut = (ids: Ids, topic: string): Entries => ({
  MessageType: "CheckOut",
  Topic: topic,
  ...ids,
});

/** Without a token the stored one is to be deleted. */
export const setBootstrapToken = (
  ids: Ids,
  token: Uint8Array | undefined,
  awaitingConfiguration: boolean,
): Entries => ({
  MessageType: "SetBootstrapToken",
  ...ids,
  BootstrapToken: token,
  AwaitingConfiguration: awaitingConfiguration,
});

export const getBootstrapToken = (ids: Ids, awaitingConfiguration: boolean): Entries => ({
  MessageType: "GetBootstrapToken",
  ...ids,
  AwaitingConfiguration: awaitingConfiguration,
});

export const userAuthenticate = (ids: Ids, digestResponse: string | undefined): Entries => ({
  MessageType: "UserAuthenticate",
  ...ids,
  DigestResponse: digestResponse,
});

export const declarativeManagement = (ids: Ids, endpoint: string, data: Uint8Array | undefined): Entries => ({
  MessageType: "DeclarativeManagement",
  ...ids,
  Endpoint: endpoint,
  Data: data,
});

export const getToken = (
  ids: Ids,
  serviceType: string,
  parameters: Readonly<Record<string, string>> | undefined,
): Entries => ({
  MessageType: "GetToken",
  ...ids,
  TokenServiceType: serviceType,
  TokenParameters: parameters,
});

export const returnToService = (ids: Ids): Entries => ({ MessageType: "ReturnToService", ...ids });
