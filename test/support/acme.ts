// What an account's object loads when it is asked: an import that one object began cannot be awaited by another here.
import "../../src/enrollment/acme/answers.ts";
import { env } from "cloudflare:workers";
import { ask, origin } from "./admin.ts";
import {
  type AcmeDevice,
  AcmeFailure,
  type AcmeParameters,
  attestedIdentity,
  enrolByAcme,
} from "./apple-device/acme.ts";
import type { AttestedDevice } from "./apple-device/attester.ts";
import type { FlavourName } from "./apple-device/flavours.ts";
import type { AppleDevice } from "./apple-device.ts";
import { invite, newDevice, topic, transport } from "./fleet.ts";

// Identities by ACME for conversations: what an ACME payload would say, and devices that follow it.

export type AcmeInvitation = { directoryUrl: string; clientIdentifier: string };

export async function inviteByAcme(
  issuedFor: Record<string, unknown> = {},
  attestation: "required" | "preferred" = "required",
): Promise<AcmeInvitation> {
  // Also makes the authority.
  await invite();
  const { status, json, text } = await ask("POST", "/api/v1/enrollment/challenges", {
    json: { ...issuedFor, attestation },
  });
  if (status !== 201) throw new Error(text);
  return { directoryUrl: json.directory_url, clientIdentifier: json.challenge };
}

export const parametersOf = (
  invitation: AcmeInvitation,
  more: Partial<AcmeParameters> = {},
): AcmeParameters => ({
  ...invitation,
  ...attestedIdentity,
  keySize: 256,
  subject: [[["O", "edgemdm"]], [["CN", "Device identity"]]],
  ...more,
});

/** What Apple would attest of this device. */
export const attestedOf = ({ hardware, flavour }: AppleDevice): AttestedDevice => ({
  serialNumber: hardware.serialNumber,
  udid: hardware.provisioningUdid,
  osVersion: flavour.osVersion,
  isMac: flavour.platform === "macos",
});

export const acmeDevice = (device: AppleDevice, more: Partial<AcmeDevice> = {}): AcmeDevice => ({
  transport,
  now: Date.now,
  hardware: attestedOf(device),
  ...more,
});

export const sourceOf = { serverUrl: `${origin}/mdm`, topic };

/** A device whose identity came by ACME, attested. */
export async function attestedDevice(
  flavour: FlavourName = "iphone",
  more: Partial<AcmeParameters> = {},
): Promise<AppleDevice> {
  const device = newDevice(flavour);
  const invitation = await inviteByAcme({ serial: device.hardware.serialNumber });
  const { identity } = await enrolByAcme(parametersOf(invitation, more), acmeDevice(device));
  await device.enroll({ ...sourceOf, identity });
  return device;
}

/** A device that was never seen asks for an identity, with an invitation of its own unless it is given one. */
export async function attempt(
  more: Partial<AcmeDevice>,
  invitation?: Awaited<ReturnType<typeof inviteByAcme>>,
  parameters: Parameters<typeof parametersOf>[1] = {},
) {
  const device = newDevice("iphone");
  const given = invitation ?? (await inviteByAcme());
  return enrolByAcme(parametersOf(given, parameters), acmeDevice(device, more));
}

export async function failureOf(attempted: Promise<unknown>): Promise<AcmeFailure> {
  const failure = await attempted.then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (failure instanceof AcmeFailure) return failure;
  throw failure ?? new Error("it was not refused");
}

/** How many were ever issued. */
export const identities = async () =>
  (await env.DB.prepare("SELECT count(*) AS n FROM certificates").first<{ n: number }>())?.n;
