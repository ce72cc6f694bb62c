import type { DeviceAttestation } from "../acme/attested-facts.ts";
import { forgetAppStates, putAppStates } from "../db/app-states.ts";
import {
  dropDeclarationStates,
  dropStatusValues,
  forgetStates,
  forgetValues,
  putDeclarationStates,
  putStatusValues,
} from "../db/declaration-states.ts";
import {
  addEvents,
  applyAndFindListeners,
  applyTogether,
  changeDevice,
  type DeviceColumns,
  disableChannels,
  ensureDevice,
  forgetChannels,
  holdBack,
  namesOf,
  putChannel,
  putCommand,
  type ReportedColumns,
  replaceWords,
  type Statement,
} from "../db/directory.ts";
import { replaceApps } from "../db/installed-apps.ts";
import type { Db } from "../db/open.ts";
import { personNamed } from "../db/people.ts";
import { forgetProfileStates, putProfileStates } from "../db/profile-states.ts";
import { putStanding } from "../db/standings.ts";
import { revokeUsesLeft } from "../db/use-certificates.ts";
import type { DeviceFacts } from "../mdm/checkin.ts";
import { platformOf, versionKey } from "../mdm/platform.ts";
import { escrowColumns } from "./escrow-columns.ts";
import { type DeviceEvent, hasLeft } from "./event.ts";
import { concerned } from "./listeners.ts";
import { wordsOf } from "./words.ts";

/**
 * Applies a device's events to the directory, in order, in one batch that happens completely or not at all. Applying the
 * same events twice or late changes nothing. Returns the webhooks that wait for such events.
 */
export async function applyEvents(
  db: Db,
  deviceId: string,
  batch: readonly DeviceEvent[],
): Promise<readonly string[]> {
  const [first] = batch;
  const last = batch.at(-1);
  if (first === undefined || last === undefined) return [];
  const news = batch.filter(({ quiet }) => quiet !== true);
  const columns = Object.assign({}, ...batch.map(deviceColumns)) as DeviceColumns;
  const statements: Statement[] = [
    ensureDevice(db, deviceId, first.at),
    ...addEvents(
      db,
      news.map(({ seq, name, userId, detail, at }) => ({
        deviceId,
        seq,
        name,
        userId: userId ?? null,
        detail,
        at,
      })),
    ),
    ...batch.flatMap((event) => identityStatements(db, deviceId, event)),
    ...batch.flatMap((event) => channelStatements(db, deviceId, event)),
    ...batch.flatMap((event) => commandStatements(db, deviceId, event)),
    ...appStatements(db, deviceId, batch),
    ...batch.flatMap((event) => declarativeStatements(db, deviceId, event)),
    ...batch.flatMap((event) => profileStatements(db, deviceId, event)),
    ...batch.flatMap((event) => appStateStatements(db, deviceId, event)),
    // Before the row changes.
    ...batch.flatMap((event) => heldBack(db, deviceId, event)),
    changeDevice(db, deviceId, last.seq, columns),
    // After it.
    ...(batch.some(({ change }) => change?.device?.state !== undefined)
      ? [revokeUsesLeft(db, deviceId, last.at)]
      : []),
  ];
  const listeners = await applyAndFindListeners(db, statements, Date.now());
  // Separate, because they depend on the new rows. After an interruption here the events come again.
  if (batch.some(changesWords)) {
    await applyTogether(db, replaceWords(db, deviceId, wordsOf(await namesOf(db, deviceId))));
  }
  return concerned(
    listeners,
    news.map(({ name }) => name),
  );
}

function deviceColumns(event: DeviceEvent): DeviceColumns {
  const { change } = event;
  const { facts, inventory, isVouchedFor, attestation, ...columns } = change?.device ?? {};
  return {
    ...columns,
    ...(facts ? factColumns(facts) : {}),
    ...(columns.enrolledAt === undefined ? {} : nothingTold),
    ...ownerColumns(isVouchedFor, columns.proven?.account),
    ...(isVouchedFor ? { heldBack: false } : {}),
    ...(attestation === undefined ? {} : attestationColumns(attestation)),
    ...inventory,
    ...escrowColumns(event),
  };
}

/** A new enrollment by a sign-in says whose device it is; any other one leaves that as it was. */
const ownerColumns = (isVouchedFor: boolean | undefined, account: string | undefined): DeviceColumns =>
  isVouchedFor === undefined || account === undefined ? {} : { personId: personNamed(account) };

export const attestationColumns = (attestation: DeviceAttestation | null) => ({
  attestation,
  attestedAt: attestation?.madeAt ?? null,
});

function heldBack(db: Db, deviceId: string, { seq, change }: DeviceEvent): Statement[] {
  const { isVouchedFor, proven, facts } = change?.device ?? {};
  if (isVouchedFor !== false) return [];
  const isProven = proven?.serial_number !== undefined && proven.serial_number !== "disputed";
  const isOwned = proven?.account !== undefined;
  return [holdBack(db, deviceId, seq, isProven ? facts?.SerialNumber : undefined, isOwned)];
}

/** A new enrollment has not reported any of this yet. */
export const nothingTold = {
  supervised: null,
  encrypted: null,
  passcodePresent: null,
  passcodeCompliant: null,
  activationLock: null,
  lostMode: null,
  capacityGb: null,
  availableGb: null,
  batteryLevel: null,
  recoveryLock: null,
  attestationFailedAt: null,
  inventoryAt: null,
  hasBootstrapToken: false,
  hasFilevaultKey: false,
  hasRecoveryLock: false,
} satisfies DeviceColumns;

export function factColumns(facts: DeviceFacts): ReportedColumns {
  const platform = platformOf([facts.ProductName, facts.Model, facts.ModelName]);
  const osKey = facts.OSVersion === undefined ? undefined : versionKey(facts.OSVersion);
  return defined({
    platform,
    osKey,
    name: facts.DeviceName,
    serial: facts.SerialNumber,
    model: facts.Model,
    modelName: facts.ModelName,
    productName: facts.ProductName,
    osVersion: facts.OSVersion,
    build: facts.BuildVersion,
    imei: facts.IMEI,
    meid: facts.MEID,
  });
}

const defined = (
  columns: {
    [K in keyof ReportedColumns]: ReportedColumns[K] | undefined;
  },
): ReportedColumns =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as ReportedColumns;

function channelStatements(db: Db, deviceId: string, { seq, change }: DeviceEvent): Statement[] {
  const statements: Statement[] = [];
  if (change?.allChannels === "disabled") statements.push(disableChannels(db, deviceId, seq));
  if (change?.allChannels === "forgotten") statements.push(forgetChannels(db, deviceId, seq));
  if (change?.channel) statements.push(putChannel(db, { ...change.channel, deviceId, seq }));
  return statements;
}

const identityStatements = (db: Db, deviceId: string, { seq, change }: DeviceEvent): Statement[] =>
  (change?.identities ?? []).map(({ fingerprint, ...standing }) =>
    putStanding(db, deviceId, seq, fingerprint, standing),
  );

const commandStatements = (db: Db, deviceId: string, { seq, change }: DeviceEvent): Statement[] =>
  change?.command
    ? [putCommand(db, { error: null, finishedAt: null, ...change.command, deviceId, seq })]
    : [];

/** Only the last state counts. A device that leaves or enrolls again has none until it reports it. */
function appStatements(db: Db, deviceId: string, batch: readonly DeviceEvent[]): Statement[] {
  const last = batch.findLast(({ change }) => change?.apps !== undefined || startsOver(change));
  return last === undefined ? [] : replaceApps(db, deviceId, last.seq, last.change?.apps ?? []);
}

function declarativeStatements(db: Db, deviceId: string, { seq, at, change }: DeviceEvent): Statement[] {
  const { declarations, statusValues } = change ?? {};
  const statements: Statement[] = [];
  const whose = (userId: string) => ({ deviceId, userId, seq, at });
  if (startsOver(change)) statements.push(forgetValues(db, whose("")));
  // An event that deletes the channels is followed by new ones with the channels and their declarations.
  if (startsOver(change) || change?.allChannels === "forgotten") statements.push(forgetStates(db, whose("")));
  if (declarations) {
    const { userId, states, gone } = declarations;
    statements.push(...putDeclarationStates(db, whose(userId), states));
    if (gone.length > 0) statements.push(dropDeclarationStates(db, whose(userId), gone));
  }
  if (statusValues) {
    const { userId, values, gone } = statusValues;
    if (values.length > 0) statements.push(putStatusValues(db, whose(userId), values));
    if (gone.length > 0) statements.push(dropStatusValues(db, whose(userId), gone));
  }
  return statements;
}
/** A device that leaves or enrolls again has none. After an event that deletes the channels, their profiles come again. */
const profileStatements = (db: Db, deviceId: string, { seq, at, change }: DeviceEvent): Statement[] => [
  ...(startsOver(change) || change?.allChannels === "forgotten"
    ? [forgetProfileStates(db, deviceId, seq)]
    : []),
  ...(change?.profiles?.length ? putProfileStates(db, deviceId, change.profiles, { seq, at }) : []),
];

const appStateStatements = (db: Db, deviceId: string, { seq, change }: DeviceEvent): Statement[] => [
  ...(startsOver(change) || change?.allChannels === "forgotten" ? [forgetAppStates(db, deviceId, seq)] : []),
  ...(change?.managedApps?.length ? putAppStates(db, deviceId, change.managedApps, seq) : []),
];

const startsOver = (change: DeviceEvent["change"]): boolean =>
  (change?.device?.state !== undefined && hasLeft(change.device.state)) ||
  change?.device?.enrolledAt !== undefined;

const changesWords = ({ change }: DeviceEvent): boolean =>
  change?.device?.facts !== undefined ||
  change?.device?.proven !== undefined ||
  change?.channel?.userShortName !== undefined;
