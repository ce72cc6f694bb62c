import { type Bytes, equalBytes } from "../base/bytes.ts";
import { logFault } from "../base/log.ts";
import type { Answered, Lesson } from "../mdm/lesson.ts";
import { teachersOf } from "../mdm/lessons.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import { enqueue } from "./command-desk.ts";
import type { Desk } from "./desk.ts";
import { keepInventory, type ReadInventory, readInventory } from "./keep-inventory.ts";
import { compareProfiles } from "./profiles/drift.ts";
import type { LessonRow } from "./rows.ts";
import type { Store } from "./store.ts";
import { factsOf, traitsOf } from "./turn.ts";
import type { Vault } from "./vault.ts";

/**
 * What answers teach is read after the device has been served, in the alarm: the result is opened, pure readers say
 * what is in it, and the object keeps that in one write. A lesson that fails is tried again, ever later.
 */
const aRun = 20;
const mostAttempts = 10;
const firstRetryMs = 60_000;

export type Learnt = {
  row: LessonRow;
  lessons: readonly Lesson[];
  /** Sealed, with what they hold, to tell what is there already. */
  secrets: readonly { name: string; value: Bytes; sealed: Bytes }[];
  questions: readonly { requestType: string; unlessEscrowed: string; uuid: string; body: Bytes }[];
  inventory: readonly ReadInventory[];
};

/** All that waits: opens, reads and seals, and hands each lesson to `keep`, which writes. */
export async function readLessons(
  store: Store,
  vault: Vault,
  env: Env,
  now: number,
  keep: (learnt: Learnt) => void,
): Promise<void> {
  for (const row of store.lessonsDue(now, aRun)) {
    try {
      keep(await learn(store, vault, env, row));
    } catch (fault) {
      const gone = row.attempts + 1 >= mostAttempts;
      if (gone) store.endLesson(row.id);
      else store.postponeLesson(row.id, now + firstRetryMs * 2 ** row.attempts);
      logFault("device.lesson", fault, { request_type: row.request_type, given_up: String(gone) });
    }
  }
}

async function learn(store: Store, vault: Vault, env: Env, row: LessonRow): Promise<Learnt> {
  const answered = await openAnswer(store, vault, row);
  const teachers = answered ? await teachersOf(row.request_type) : [];
  const taught = await Promise.all(teachers.map((teach) => answered && teach(answered)));
  const lessons = taught.filter((lesson) => lesson !== undefined);
  const plain = lessons.flatMap(({ secrets }) => secrets ?? []);
  for (const { name, cms } of lessons.flatMap(({ envelopes }) => envelopes ?? [])) {
    // Only Macs with FileVault get here: no other device's object should load what opens these.
    const { openEscrowed } = await import("../enrollment/escrow-certificates.ts");
    const value = await openEscrowed(env, cms);
    if (value) plain.push({ name, value });
  }
  const secrets = await unknownSecrets(store, vault, row, plain);
  const questions = await Promise.all(
    lessons.flatMap(({ questions = [] }) => questions).map((question) => ask(vault, question)),
  );
  const told = lessons.map(({ inventory }) => inventory).filter((one) => one !== undefined);
  const inventory = await readInventory(store, vault, row, told);
  return { row, lessons, secrets, questions, inventory };
}

async function openAnswer(store: Store, vault: Vault, row: LessonRow): Promise<Answered | undefined> {
  const own = store.lessonAnswer(row.id);
  const whole = own?.result ?? store.result(row.id);
  const parts = whole === null ? store.resultParts(row.id) : [whole];
  const sent = own?.body ?? store.finishedBody(row.id);
  if (parts.length === 0 || sent === undefined) return undefined;
  const facts = factsOf(store.device());
  const result = dictOf(await vault.openResult(row.uuid, parts));
  const command = dictOf(await vault.openCommand(row.uuid, sent))?.get("Command");
  if (!result || !(command instanceof Map)) return undefined;
  const { request_type: requestType, user_id: userId, finished_at: finishedAt } = row;
  return { requestType, userId, command, result, facts, finishedAt };
}

function dictOf(bytes: Uint8Array): PlistDict | undefined {
  const read = readPlist(bytes);
  return read.ok && read.value instanceof Map ? read.value : undefined;
}

/** A device tells the same key every day: what is in escrow already is not kept again. */
async function unknownSecrets(
  store: Store,
  vault: Vault,
  { generation }: LessonRow,
  plain: readonly { name: string; value: Bytes }[],
): Promise<Learnt["secrets"]> {
  const unknown: { name: string; value: Bytes; sealed: Bytes }[] = [];
  for (const { name, value } of plain) {
    const row = store.currentEscrow(name, generation);
    const kept = row && (await vault.tryEscrow(name, row.value));
    if (kept?.ok && equalBytes(kept.value, value)) continue;
    unknown.push({ name, value, sealed: await vault.sealEscrow(name, value) });
  }
  return unknown;
}

async function ask(vault: Vault, question: { requestType: string; unlessEscrowed: string }) {
  const uuid = crypto.randomUUID().toUpperCase();
  const body = writePlist({ Command: { RequestType: question.requestType }, CommandUUID: uuid });
  return { ...question, uuid, body: await vault.sealCommand(uuid, body) };
}

/** Nothing in here waits. What an ended generation said is kept for its escrow, and for nothing else. */
export function keepLesson(desk: Desk, { row, lessons, secrets, questions, inventory }: Learnt): void {
  const { store } = desk;
  const by = { commandUuid: row.uuid, confirmed: true };
  for (const { name, sealed } of secrets) {
    store.storeEscrow(name, row.user_id, row.generation, desk.now, sealed, by);
    desk.tell({ name: "escrow.stored", detail: { name, uuid: row.uuid } });
  }
  for (const { part, error } of lessons.flatMap(({ failures = [] }) => failures)) {
    desk.tell({
      name: "command.partly_failed",
      ...(row.user_id ? { userId: row.user_id } : {}),
      detail: { uuid: row.uuid, request_type: row.request_type, part, error },
    });
  }
  if (row.generation === store.device().generation) {
    rememberTraits(store, lessons);
    for (const read of inventory) {
      keepInventory(desk, row, read);
      const { list } = read.told;
      if (list?.name === "installed-profiles") compareProfiles(desk, row, list);
    }
    for (const question of questions) putQuestion(desk, question);
  }
  store.endLesson(row.id);
}

function rememberTraits(store: Store, lessons: readonly Lesson[]): void {
  const known = traitsOf(store.device());
  const told = Object.assign({}, known, ...lessons.map(({ traits }) => traits ?? {}));
  if (JSON.stringify(told) !== JSON.stringify(known)) store.setDevice({ traits: JSON.stringify(told) });
}

function putQuestion(
  desk: Desk,
  { requestType, unlessEscrowed, uuid, body }: Learnt["questions"][number],
): void {
  const { store } = desk;
  const known = traitsOf(store.device());
  const asked = known.asked ?? [];
  if (asked.includes(requestType) || store.currentEscrow(unlessEscrowed, store.device().generation)) return;
  const input = { uuid, userId: "", requestType, high: false, renewal: false, expiresAt: null };
  const queued = enqueue(desk, { ...input, origin: "server", push: true }, body);
  if (queued.ok) store.setDevice({ traits: JSON.stringify({ ...known, asked: [...asked, requestType] }) });
}
