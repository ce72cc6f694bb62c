import * as v from "valibot";
import type { DeviceRow } from "../../../db/devices.ts";
import { platforms } from "../../../mdm/platform.ts";
import { vouchers } from "../../../mdm/proven.ts";
import { isoTimeOrNull, TimeOrNull } from "../route/times.ts";
import { Attestation, presentAttestation } from "./attestation-json.ts";
import { kinds, states } from "./device-words.ts";

/** How a device looks in lists, and everywhere else in answers. */
const text = v.nullable(v.string());
const flag = v.pipe(v.nullable(v.boolean()), v.description("null: the device has not said"));
const number = v.nullable(v.number());
const count = v.pipe(v.number(), v.integer());

const Proven = v.pipe(
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

export const noDevice = (id: string): string => `no device has the id ${id}`;
