import * as v from "valibot";
import type { AdeDeviceRow } from "../../../db/ade-devices.ts";
import type { DeviceRow } from "../../../db/devices.ts";
import type { PortalDeviceRow } from "../../../db/portal-devices.ts";
import type { DeviceDescription } from "../../../device/description.ts";
import { attestationColumns, factColumns, nothingTold } from "../../../events/apply.ts";
import { hasLeft } from "../../../events/event.ts";
import { fileVaultKeyStates } from "../../../mdm/traits.ts";
import { PurchasedDevice, presentPurchase } from "../ade/purchase-json.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { Device, presentDevice } from "./device-json.ts";
import { DeviceNaming, presentNaming } from "./naming-json.ts";
import { IdentityRenewal, presentRenewal } from "./renewal-json.ts";
import { presentRotation, Rotation } from "./rotation-json.ts";

/** How one device looks by itself: with what only its object knows. */
const count = v.pipe(v.number(), v.integer());

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
  platform: null,
  name: null,
  serial: null,
  model: null,
  modelName: null,
  productName: null,
  osVersion: null,
  build: null,
  imei: null,
  meid: null,
  awaitingConfiguration: false,
  ...nothingTold,
  proven: {},
  attestation: null,
  heldBack: false,
  personId: null,
  notes: "",
  tags: [],
  attributes: {},
  createdAt: 0,
  enrolledAt: null,
  unenrolledAt: null,
  erasedAt: null,
  lastSeenAt: null,
});

const presentFileVaultKey = (exact: DeviceDescription | undefined) => {
  const known = exact?.traits.fileVaultKey;
  return known ? { state: known.state, since: isoTime(known.since) } : null;
};
