import * as v from "valibot";
import type { DeviceAttestation } from "../../../acme/attested-facts.ts";
import type { AdeDeviceRow } from "../../../db/ade-devices.ts";
import type { DeviceRow } from "../../../db/devices.ts";
import type { PortalDeviceRow } from "../../../db/portal-devices.ts";
import type { DeviceDescription } from "../../../device/description.ts";
import { attestationColumns, factColumns, nothingTold } from "../../../events/apply.ts";
import { hasLeft } from "../../../events/event.ts";
import { platforms } from "../../../mdm/platform.ts";
import { vouchers } from "../../../mdm/proven.ts";
import { fileVaultKeyStates } from "../../../mdm/traits.ts";
import { PurchasedDevice, presentPurchase } from "../ade/purchase-json.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { kinds, states } from "./device-words.ts";
import { DeviceNaming, presentNaming } from "./naming-json.ts";
import { IdentityRenewal, presentRenewal } from "./renewal-json.ts";
import { presentRotation, Rotation } from "./rotation-json.ts";

/** How devices look in answers. */
const text = v.nullable(v.string());
const flag = v.pipe(v.nullable(v.boolean()), v.description("null: the device has not said"));
const number = v.nullable(v.number());
const count = v.pipe(v.number(), v.integer());

export const Proven = v.pipe(
  v.object({
    serial_number: v.pipe(
      v.nullable(v.picklist([...vouchers, "disputed"])),
      v.description(
        "Who confirmed it; `disputed`: another enrolled device has the same one; null: only the device says so",
      ),
    ),
    udid: v.nullable(v.picklist(vouchers)),
    account: v.pipe(text, v.description("The account that its enrollment was made for")),
  }),
  v.title("Proven"),
);

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

export const Device = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description("The UDID; for a user enrollment, the EnrollmentID")),
    state: v.picklist(states),
    kind: v.picklist(kinds),
    platform: v.nullable(v.picklist(platforms)),
    name: text,
    serial: text,
    model: text,
    model_name: text,
    product_name: text,
    os_version: text,
    build: text,
    imei: text,
    meid: text,
    awaiting_configuration: v.pipe(v.boolean(), v.description("Whether it waits in Setup Assistant")),
    generation: v.pipe(count, v.description("The number of its enrollment; 0: none was completed")),
    supervised: flag,
    encrypted: v.pipe(
      flag,
      v.description("FileVault on a Mac; hardware encryption with a passcode on other devices"),
    ),
    passcode_present: flag,
    passcode_compliant: flag,
    activation_lock: flag,
    lost_mode: flag,
    capacity_gb: number,
    available_gb: number,
    battery_level: v.pipe(number, v.description("0 to 1")),
    inventory_at: v.pipe(TimeOrNull, v.description("When it last answered DeviceInformation, to the hour")),
    proven: Proven,
    attestation: v.nullable(Attestation),
    held_back: v.pipe(
      v.boolean(),
      v.description(
        "Sets, tags and attributes were given to this id before this enrollment, and nothing confirms that it is the same device: they have no effect until you confirm it",
      ),
    ),
    person_id: v.pipe(text, v.description("The person that it belongs to (`/people`)")),
    notes: v.string(),
    tags: v.array(v.string()),
    attributes: v.record(v.string(), v.string()),
    created_at: v.pipe(TimeOrNull, v.description("null: the directory does not know it yet")),
    enrolled_at: TimeOrNull,
    unenrolled_at: TimeOrNull,
    erased_at: v.pipe(
      TimeOrNull,
      v.description(
        "When it acknowledged an EraseDevice from this server; null: it did not, or it has enrolled since",
      ),
    ),
    last_seen_at: v.pipe(TimeOrNull, v.description("To the hour")),
  }),
  v.title("Device"),
);

export const DeviceDetail = v.pipe(
  v.object({
    ...Device.entries,
    pending_generation: v.pipe(
      v.nullable(count),
      v.description("The number of an enrollment that is not committed yet"),
    ),
    unenrolling: v.pipe(v.boolean(), v.description("It is told to remove its profile when it next connects")),
    waiting_commands: v.pipe(count, v.description("The sum over all its channels")),
    purchase: v.nullable(PurchasedDevice),
    moved_away: v.pipe(
      v.nullable(v.object({ account: v.string(), at: Time })),
      v.description(
        "It left, and no ADE account has it any more: Apple's portal moved it to another server, or let it go. What was escrowed stays",
      ),
    ),
    sign_in: v.pipe(
      v.nullable(
        v.object({
          account: v.string(),
          signed_in_at: v.pipe(Time, v.description("When its present token was given")),
          until: v.pipe(
            TimeOrNull,
            v.description("From then on it must have another; null: no such time is set"),
          ),
        }),
      ),
      v.description("Of a device that enrolled by a person's sign-in"),
    ),
    identity_renewal: v.pipe(
      v.nullable(IdentityRenewal),
      v.description("How its identity is renewed; null: the device's object does not know the device"),
    ),
    naming: v.pipe(
      v.nullable(DeviceNaming),
      v.description("How the device should be called by its sets; null: no set names it"),
    ),
    rotations: v.pipe(
      v.array(Rotation),
      v.description("Secrets in escrow that somebody has read, until the Mac has another one"),
    ),
    file_vault_key: v.pipe(
      v.nullable(v.object({ state: v.picklist(fileVaultKeyStates), since: Time })),
      v.description(
        "Whether the Mac's personal recovery key is known to be the one in escrow. proven: the Mac sends it, encrypted to this server; unreadable: it sends one that this server cannot open; not-sent: it has one and sends none; no-key: it has none; null: the Mac has not said, or FileVault is off",
      ),
    ),
    attestation_failure: v.pipe(
      v.nullable(v.object({ at: Time, detail: v.string() })),
      v.description("Why the last attempt to attest it again failed"),
    ),
    undelivered_events: v.pipe(count, v.description("Events that have not reached the directory yet")),
  }),
  v.title("DeviceDetail"),
);

export const presentDevice = (row: DeviceRow): v.InferInput<typeof Device> => ({
  id: row.id,
  state: row.state,
  kind: row.kind,
  platform: row.platform,
  name: row.name,
  serial: row.serial,
  model: row.model,
  model_name: row.modelName,
  product_name: row.productName,
  os_version: row.osVersion,
  build: row.build,
  imei: row.imei,
  meid: row.meid,
  awaiting_configuration: row.awaitingConfiguration,
  generation: row.generation,
  supervised: row.supervised,
  encrypted: row.encrypted,
  passcode_present: row.passcodePresent,
  passcode_compliant: row.passcodeCompliant,
  activation_lock: row.activationLock,
  lost_mode: row.lostMode,
  capacity_gb: row.capacityGb,
  available_gb: row.availableGb,
  battery_level: row.batteryLevel,
  inventory_at: isoTimeOrNull(row.inventoryAt),
  proven: {
    serial_number: row.proven.serial_number ?? null,
    udid: row.proven.udid ?? null,
    account: row.proven.account ?? null,
  },
  attestation: presentAttestation(row.attestation),
  held_back: row.heldBack,
  person_id: row.personId,
  notes: row.notes,
  tags: row.tags,
  attributes: row.attributes,
  created_at: isoTimeOrNull(row.createdAt || null),
  enrolled_at: isoTimeOrNull(row.enrolledAt),
  unenrolled_at: isoTimeOrNull(row.unenrolledAt),
  erased_at: isoTimeOrNull(row.erasedAt),
  last_seen_at: isoTimeOrNull(row.lastSeenAt),
});

const presentFileVaultKey = (exact: DeviceDescription | undefined) => {
  const known = exact?.traits.fileVaultKey;
  return known ? { state: known.state, since: isoTime(known.since) } : null;
};

const presentAttestation = (
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

/** What Apple's portal says of its serial number. */
type PortalFacts = {
  /** Every ADE account that has or had it. */
  provisioned?: readonly Pick<AdeDeviceRow, "account" | "deletedAt">[] | undefined;
  purchase?: PortalDeviceRow | undefined;
};

/** The directory's row, updated from the device's object. Undefined when neither knows the device. */
export function presentDetail(
  id: string,
  row: DeviceRow | undefined,
  exact: DeviceDescription | undefined,
  { provisioned = [], purchase }: PortalFacts = {},
): v.InferInput<typeof DeviceDetail> | undefined {
  if (row === undefined && exact === undefined) return undefined;
  const known = { ...(row ?? unheardOf(id)), ...(exact && columnsOf(exact)) };
  return {
    ...presentDevice(known),
    pending_generation: exact?.pendingGeneration ?? null,
    unenrolling: exact?.ending === true && !hasLeft(exact.state),
    purchase: purchase ? presentPurchase(purchase) : null,
    moved_away: hasLeft(known.state) ? movedAway(provisioned) : null,
    waiting_commands: exact?.channels.reduce((sum, { waiting }) => sum + waiting, 0) ?? 0,
    sign_in: exact?.signIn
      ? {
          account: exact.signIn.account,
          signed_in_at: isoTime(exact.signIn.signedInAt),
          until: isoTimeOrNull(exact.signIn.until),
        }
      : null,
    identity_renewal: exact ? presentRenewal(exact.renewal) : null,
    naming: exact?.naming ? presentNaming(exact.naming) : null,
    rotations: (exact?.rotations ?? []).map(presentRotation),
    file_vault_key: presentFileVaultKey(exact),
    attestation_failure: exact?.attestationFailure
      ? { at: isoTime(exact.attestationFailure.at), detail: exact.attestationFailure.detail }
      : null,
    undelivered_events: exact?.undelivered ?? 0,
  };
}

function movedAway(provisioned: readonly Pick<AdeDeviceRow, "account" | "deletedAt">[]) {
  const [last] = [...provisioned].sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0));
  const isElsewhere = provisioned.every(({ deletedAt }) => deletedAt !== null);
  return last?.deletedAt && isElsewhere ? { account: last.account, at: isoTime(last.deletedAt) } : null;
}

function columnsOf({
  state,
  generation,
  lastSeenAt,
  facts,
  proven,
  attestation,
  inventory,
  channels,
}: DeviceDescription): Partial<DeviceRow> {
  const device = channels.find(({ userId }) => userId === "");
  return {
    state,
    generation,
    ...(lastSeenAt === null ? {} : { lastSeenAt }),
    ...(device && { awaitingConfiguration: device.awaitingConfiguration }),
    ...(device?.kind === "user_enrollment" ? { kind: "user" as const } : {}),
    ...(factColumns(facts) as Partial<DeviceRow>),
    proven,
    ...attestationColumns(attestation),
    ...inventory,
  };
}

const unheardOf = (id: string): DeviceRow => ({
  id,
  state: "pending",
  kind: "device",
  generation: 0,
  shelfRenewals: 0,
  platform: null,
  name: null,
  serial: null,
  model: null,
  modelName: null,
  productName: null,
  osVersion: null,
  osKey: 0,
  build: null,
  imei: null,
  meid: null,
  awaitingConfiguration: false,
  ...nothingTold,
  proven: {},
  attestation: null,
  attestedAt: null,
  heldBack: false,
  personId: null,
  notes: "",
  tags: [],
  attributes: {},
  appliedSeq: 0,
  createdAt: 0,
  enrolledAt: null,
  unenrolledAt: null,
  erasedAt: null,
  lastSeenAt: null,
});

export const noDevice = (id: string): string => `no device has the id ${id}`;
