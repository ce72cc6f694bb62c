import { type Bytes, equalBytes } from "../../base/bytes.ts";
import { logFault } from "../../base/log.ts";
import { readersOf } from "../../mdm/results/readers.ts";
import type { AnsweredCommand, ResultFacts } from "../../mdm/results/result-facts.ts";
import type { FileVaultKeyState } from "../../mdm/traits.ts";
import { readPlist } from "../../plist/read.ts";
import type { PlistDict } from "../../plist/value.ts";
import { compareApps } from "../desired/apps/lists.ts";
import { settleConfiguration, settleInstallation } from "../desired/apps/settle.ts";
import { settleNamingRead } from "../desired/naming/settle-read.ts";
import { compareProfiles } from "../desired/profiles/drift.ts";
import { rotationOrigin, serverOrigin } from "../queue/origins.ts";
import { type OwnCommand, queueOwnCommand, sealOwnCommand } from "../queue/own-commands.ts";
import type { UnreadResultRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { factsOf, type Turn, traitsOf } from "../turn.ts";
import type { Vault } from "../vault.ts";
import { type CheckedAttestation, checkAttestation, keepAttestation } from "./attestation.ts";
import { fileVaultKeyState, keepFileVaultKey } from "./file-vault.ts";
import { keepInventory, type ReadInventory, readInventory } from "./keep-inventory.ts";
import { continueRotation, type Rotation, rotationAfter } from "./rotate-admin.ts";

/**
 * The alarm reads results after the device has its answer: it opens a result, pure readers extract its facts, and the
 * object stores them in one write. A failed result is tried again at growing intervals.
 */
const aRun = 20;
const mostAttempts = 10;
const firstRetryMs = 60_000;

export type ReadResult = {
  row: UnreadResultRow;
  facts: readonly ResultFacts[];
  fileVaultKey: FileVaultKeyState | null | undefined;
  /** The sealed values with their plain texts, to find those that are already stored. */
  secrets: readonly { name: string; value: Bytes; sealed: Bytes }[];
  questions: readonly { unlessEscrowed: string; command: OwnCommand }[];
  inventory: readonly ReadInventory[];
  attestations: readonly CheckedAttestation[];
  rotation: Rotation | undefined;
};

/** The part that awaits: opens, reads and seals, and passes each result to `keep`, which writes. */
export async function readResults(
  store: Store,
  vault: Vault,
  env: Env,
  now: number,
  keep: (read: ReadResult) => void,
): Promise<void> {
  for (const row of store.unreadResultsDue(now, aRun)) {
    try {
      keep(await readResult(store, vault, env, row));
    } catch (fault) {
      const gone = row.attempts + 1 >= mostAttempts;
      if (gone) store.forgetUnreadResult(row.id);
      else store.postponeUnreadResult(row.id, now + firstRetryMs * 2 ** row.attempts);
      logFault("device.read_result", fault, { request_type: row.request_type, given_up: String(gone) });
    }
  }
}

async function readResult(store: Store, vault: Vault, env: Env, row: UnreadResultRow): Promise<ReadResult> {
  const answered = await openAnswer(store, vault, row);
  const facts = answered ? await factsIn(answered) : [];
  const rotation = await rotationAfter({ vault, env }, store.finishedOrigin(row.id), answered);
  return { ...(await readFacts(store, vault, env, row, facts)), rotation };
}

async function factsIn(answered: AnsweredCommand): Promise<ResultFacts[]> {
  const readers = await readersOf(answered.requestType);
  const found = await Promise.all(readers.map((read) => read(answered)));
  return found.filter((one) => one !== undefined);
}

/** A command that has left, as it is known while the object is open. */
export type SentCommand = Pick<UnreadResultRow, "id" | "user_id" | "uuid" | "request_type" | "queued_at"> & {
  origin: string;
  body: Bytes;
};

/**
 * The answer to a question that is small and has arrived just now: it is read before it is stored, so that it need not be
 * opened again. Undefined: it is read later, because that needs more than this object and this answer.
 */
export async function readAhead(
  store: Store,
  vault: Vault,
  env: Env,
  { body, origin, ...sent }: SentCommand,
  answer: Bytes,
): Promise<ReadResult | undefined> {
  if (origin === rotationOrigin) return undefined;
  const finished_at = Date.now();
  const { generation } = store.device();
  const row = { ...sent, sent_at: null, finished_at, generation, attempts: 0 };
  const answered = answeredOf(store, row, dictOf(answer), dictOf(body));
  if (answered === undefined) return undefined;
  const facts = await factsIn(answered);
  if (facts.some(({ envelopes, attestation }) => envelopes !== undefined || attestation !== undefined))
    return undefined;
  return readFacts(store, vault, env, row, facts);
}

async function readFacts(
  store: Store,
  vault: Vault,
  env: Env,
  row: UnreadResultRow,
  facts: readonly ResultFacts[],
): Promise<ReadResult> {
  const plain = facts.flatMap(({ secrets }) => secrets ?? []);
  for (const { name, cms } of facts.flatMap(({ envelopes }) => envelopes ?? [])) {
    // Only Macs with FileVault get here: the objects of other devices should not load this module.
    const { decryptEscrowed } = await import("../../enrollment/escrow-certificates.ts");
    const value = await decryptEscrowed(env, cms);
    // What nobody here can open is no escrow, and is not kept as if it were.
    if (value) plain.push({ name, value });
  }
  const secrets = await unknownSecrets(store, vault, row, plain);
  const questions = await Promise.all(
    facts.flatMap(({ questions = [] }) => questions).map((question) => ask(vault, question)),
  );
  const answers = facts.map(({ inventory }) => inventory).filter((one) => one !== undefined);
  const inventory = await readInventory(store, vault, row, answers);
  const attestations = await checkAttestations(store, env, row, facts);
  const fileVaultKey = fileVaultKeyState(
    facts,
    plain.some(({ name }) => name === "filevault-key"),
  );
  return { row, facts, fileVaultKey, secrets, questions, inventory, attestations, rotation: undefined };
}

async function checkAttestations(
  store: Store,
  env: Env,
  row: UnreadResultRow,
  facts: readonly ResultFacts[],
): Promise<CheckedAttestation[]> {
  const told = facts.map(({ attestation }) => attestation).filter((one) => one !== undefined);
  if (told.length === 0) return [];
  const device = store.device();
  const claimed = { deviceId: device.device_id, serial: factsOf(device).SerialNumber };
  return Promise.all(
    told.map((one) => checkAttestation(env.ATTESTATION_ROOTS, one, claimed, row.finished_at)),
  );
}

async function openAnswer(
  store: Store,
  vault: Vault,
  row: UnreadResultRow,
): Promise<AnsweredCommand | undefined> {
  const own = store.unreadAnswer(row.id);
  const whole = own?.result ?? store.result(row.id);
  const parts = whole === null ? store.resultParts(row.id) : [whole];
  const sent = own?.body ?? store.finishedBody(row.id);
  if (parts.length === 0 || sent === undefined) return undefined;
  const result = dictOf(await vault.openResult(row.uuid, parts));
  return answeredOf(store, row, result, dictOf(await vault.openCommand(row.uuid, sent)));
}

function answeredOf(
  store: Store,
  row: UnreadResultRow,
  result: PlistDict | undefined,
  sent: PlistDict | undefined,
): AnsweredCommand | undefined {
  const facts = factsOf(store.device());
  const command = sent?.get("Command");
  if (!result || !(command instanceof Map)) return undefined;
  const { request_type: requestType, user_id: userId, finished_at: finishedAt } = row;
  return { requestType, userId, command, result, facts, finishedAt };
}

function dictOf(bytes: Uint8Array): PlistDict | undefined {
  const read = readPlist(bytes);
  return read.ok && read.value instanceof Map ? read.value : undefined;
}

/** A device sends the same key every day: a key that is already in escrow is not stored again. */
async function unknownSecrets(
  store: Store,
  vault: Vault,
  { generation }: UnreadResultRow,
  plain: readonly { name: string; value: Bytes }[],
): Promise<ReadResult["secrets"]> {
  const unknown: { name: string; value: Bytes; sealed: Bytes }[] = [];
  for (const { name, value } of plain) {
    const row = store.currentEscrow(name, generation);
    const kept = row && (await vault.tryEscrow(name, row.value));
    if (kept?.ok && equalBytes(kept.value, value)) continue;
    unknown.push({ name, value, sealed: await vault.sealEscrow(name, value) });
  }
  return unknown;
}

async function ask(
  vault: Vault,
  { requestType, unlessEscrowed }: { requestType: string; unlessEscrowed: string },
) {
  return { unlessEscrowed, command: await sealOwnCommand(vault, { RequestType: requestType }) };
}

export function keepUnread(turn: Turn, read: ReadResult): void {
  keepResult(turn, read);
  turn.store.forgetUnreadResult(read.row.id);
}

/** Nothing in here awaits. From an ended generation only secrets for its escrow are stored. */
export function keepResult(
  turn: Turn,
  { row, facts, fileVaultKey, secrets, questions, inventory, attestations, rotation }: ReadResult,
): void {
  const { store } = turn;
  const by = { commandUuid: row.uuid, confirmed: true };
  for (const { name, sealed } of secrets) {
    store.storeEscrow(name, row.user_id, row.generation, turn.now, sealed, by);
    turn.tell({ name: "escrow.stored", detail: { name, uuid: row.uuid } });
  }
  const failures = facts.flatMap(({ failures = [] }) => failures);
  for (const { part, error } of failures) {
    turn.tell({
      name: "command.partly_failed",
      ...(row.user_id ? { userId: row.user_id } : {}),
      detail: { uuid: row.uuid, request_type: row.request_type, part, error },
    });
  }
  if (row.generation === store.device().generation) {
    rememberTraits(store, facts);
    if (fileVaultKey !== undefined) keepFileVaultKey(turn, fileVaultKey);
    for (const checked of attestations) keepAttestation(turn, checked, row.uuid);
    for (const read of inventory) {
      keepInventory(turn, row, read);
      const { list } = read.answer;
      if (list?.name === "installed-profiles") compareProfiles(turn, row, list);
      if (list) compareApps(turn, row, list);
    }
    for (const question of questions) putQuestion(turn, question);
    settleNamingRead(turn, row, failures);
    if (row.request_type === "Settings") settleConfiguration(turn, row.uuid, failures);
    for (const { installation } of facts) if (installation) settleInstallation(turn, row.uuid, installation);
    if (rotation) continueRotation(turn, row, rotation);
  }
}

function rememberTraits(store: Store, facts: readonly ResultFacts[]): void {
  const known = traitsOf(store.device());
  const told = Object.assign({}, known, ...facts.map(({ traits }) => traits ?? {}));
  if (JSON.stringify(told) !== JSON.stringify(known)) store.setDevice({ traits: JSON.stringify(told) });
}

function putQuestion(turn: Turn, { unlessEscrowed, command }: ReadResult["questions"][number]): void {
  const { store } = turn;
  const { requestType } = command;
  const known = traitsOf(store.device());
  const asked = known.asked ?? [];
  if (asked.includes(requestType) || store.currentEscrow(unlessEscrowed, store.device().generation)) return;
  const queued = queueOwnCommand(turn, command, { origin: serverOrigin });
  if (queued.ok) store.setDevice({ traits: JSON.stringify({ ...known, asked: [...asked, requestType] }) });
}
