import * as v from "valibot";
import type { DeviceAttestation } from "../../../acme/attested-facts.ts";
import { isoTime, Time } from "../route/times.ts";

const text = v.nullable(v.string());

export const Attestation = v.pipe(
  v.object({
    attested_at: v.pipe(Time, v.description("When Apple made the attestation")),
    by: v.pipe(
      v.picklist(["acme", "device-information"]),
      v.description("Where it came from: with its identity, or in an answer to DeviceInformation"),
    ),
    serial: text,
    udid: v.pipe(text, v.description("The UDID; for a Mac, the provisioning UDID")),
    os_version: text,
    sep_os_version: text,
    firmware_version: text,
    software_update_device_id: text,
    sip_enabled: v.pipe(v.nullable(v.boolean()), v.description("System Integrity Protection")),
    secure_boot: v.nullable(v.picklist(["full", "reduced", "permissive"])),
    third_party_kernel_extensions: v.nullable(v.boolean()),
  }),
  v.description("What Apple attests about the device, verified; null where Apple could not find out"),
  v.title("Attestation"),
);

export const presentAttestation = (
  attestation: DeviceAttestation | null,
): v.InferInput<typeof Attestation> | null => {
  if (attestation === null) return null;
  const { madeAt, by, facts } = attestation;
  return {
    attested_at: isoTime(madeAt),
    by,
    serial: facts.serial ?? null,
    udid: facts.udid ?? null,
    os_version: facts.osVersion ?? null,
    sep_os_version: facts.sepOsVersion ?? null,
    firmware_version: facts.firmwareVersion ?? null,
    software_update_device_id: facts.softwareUpdateDeviceId ?? null,
    sip_enabled: facts.sipEnabled ?? null,
    secure_boot: facts.secureBoot ?? null,
    third_party_kernel_extensions: facts.thirdPartyKernelExtensions ?? null,
  };
};
