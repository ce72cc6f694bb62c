// Holds what devices and administrators were promised against what the server and its directory say in the end.
import { setTimeout as delay } from "node:timers/promises";
import type { BareServer } from "../../bare/server.ts";
import type { Subject } from "./subject.ts";

type Count = {
  accepted: number;
  uncertain: number;
  delivered: number;
  results: number;
  retried: number;
};

type Listed = { uuid: string; state: string };

export async function judge(
  server: BareServer,
  subjects: readonly Subject[],
): Promise<{ count: Count; complaints: string[] }> {
  const sum = (of: (subject: Subject) => number): number =>
    subjects.reduce((total, subject) => total + of(subject), 0);
  const known = (what: string) => sum(({ given }) => given.filter((one) => one.known === what).length);
  const complaints: string[] = [];
  for (const subject of subjects) complaints.push(...(await complaintsOf(server, subject)));
  return {
    count: {
      accepted: known("accepted"),
      uncertain: known("uncertain"),
      delivered: sum(({ delivered }) => delivered.length),
      results: sum(({ results }) => results.size),
      retried: sum(({ retried }) => retried),
    },
    complaints,
  };
}

async function complaintsOf(server: BareServer, subject: Subject): Promise<string[]> {
  const { given, delivered, results, afterwards } = subject;
  const listed = await listAll(server, subject);
  const complaints = afterwards.map((uuid) => `${uuid} came again after its result had been answered 200`);
  for (const { uuid, known } of given) {
    if (known === "accepted" && !delivered.includes(uuid))
      complaints.push(`${uuid} was answered 201 and never delivered`);
  }
  for (const [uuid, mark] of results) {
    const rows = listed.filter((row) => row.uuid === uuid);
    if (rows.length !== 1) complaints.push(`${uuid} is kept ${rows.length} times`);
    if (rows[0]?.state !== "acknowledged") complaints.push(`${uuid} is ${rows[0]?.state}, not acknowledged`);
    const kept = await markOf(server, subject, uuid);
    if (kept !== mark) complaints.push(`the result of ${uuid} is ${kept}, and ${mark} was answered 200`);
  }
  const asGiven = given.map(({ uuid }) => uuid).filter((uuid) => delivered.includes(uuid));
  const asDelivered = delivered.filter((uuid) => asGiven.includes(uuid));
  if (asGiven.join() !== asDelivered.join())
    complaints.push(`${subject.device.id} got its commands in another order`);
  return complaints;
}

async function listAll(server: BareServer, { device }: Subject): Promise<Listed[]> {
  const all: Listed[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const after: string = cursor ? `&cursor=${cursor}` : "";
    const answer = await server.request(`/api/v1/devices/${device.id}/commands?limit=200${after}`);
    const page = JSON.parse(answer.body) as { items: Listed[]; next_cursor: string | null };
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all;
}

async function markOf(server: BareServer, { device }: Subject, uuid: string): Promise<string | undefined> {
  const answer = await server.request(`/api/v1/devices/${device.id}/commands/${uuid}`);
  return (JSON.parse(answer.body) as { result?: { Mark?: string } }).result?.Mark;
}

const patienceMs = 150_000;

/** Nobody touches the devices any more: whatever is still to be told, the objects' alarms must tell by themselves. */
export async function directoryCatchesUp(
  server: BareServer,
  subjects: readonly Subject[],
): Promise<{ seconds: number | undefined; complaints: string[] }> {
  const from = performance.now();
  for (;;) {
    const missing: string[] = [];
    for (const subject of subjects) missing.push(...(await missingOf(server, subject)));
    const seconds = (performance.now() - from) / 1000;
    if (missing.length === 0) return { seconds, complaints: [] };
    if (seconds * 1000 > patienceMs) return { seconds: undefined, complaints: missing };
    await delay(500);
  }
}

async function missingOf(server: BareServer, { device, results }: Subject): Promise<string[]> {
  const rows = await server.rows<{ uuid: string; state: string }>(
    "SELECT uuid, state FROM commands WHERE device_id = ?",
    device.id,
  );
  const told = await server.rows<{ name: string; uuid: string }>(
    "SELECT name, detail ->> 'uuid' AS uuid FROM events WHERE device_id = ? ORDER BY seq",
    device.id,
  );
  return [...results.keys()].flatMap((uuid) => {
    const states = rows.filter((row) => row.uuid === uuid).map(({ state }) => state);
    const story = told.filter((event) => event.uuid === uuid).map(({ name }) => name);
    const right = states.join() === "acknowledged" && story.join() === "command.queued,command.finished";
    return right ? [] : [`the directory says of ${uuid}: ${states.join()}, after ${story.join()}`];
  });
}
