import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type ChangeRow,
  deviceChanged,
  devicesChanged,
  memberChanged,
  setChanged,
  setRemoved,
} from "../../src/db/assignment-changes.ts";
import { giveToMany, setsOfDevice } from "../../src/db/channel-sets.ts";
import { applyTogether, type Statement } from "../../src/db/directory.ts";
import { openDb } from "../../src/db/open.ts";
import { noMembers, putSet } from "../../src/db/sets.ts";
import { nextWork } from "../../src/jobs/kinds/assign-plan.ts";
import { startAssigning } from "../../src/library/start-assigning.ts";
import { ask } from "../support/admin.ts";
import { finish, jobObject, nextPage, withBindings } from "../support/jobs.ts";

const db = openDb(env.DB);
const now = Date.now();
const write = (...statements: Statement[]) => applyTogether(db, statements);
const set = (name: string, profiles: string[] = []) =>
  putSet(db, { name, description: "", filter: null, members: { ...noMembers, profiles } }, now);
const giveTo = (name: string, ids: readonly string[]) =>
  giveToMany(
    db,
    name,
    ids.map((deviceId) => ({ deviceId, userId: "" })),
  );
const told = () => vi.fn<(id: string) => Promise<void>>(async () => {});

/** The objects of devices, of which only what they were told matters here. */
const listeners = (assignmentChanged: (id: string) => Promise<void>) =>
  withBindings("assign", {
    DEVICE: {
      getByName: (id: string) => ({ assignmentChanged: () => assignmentChanged(id) }),
    } as unknown as Env["DEVICE"],
  });

const waitingChanges = () =>
  env.DB.prepare("SELECT count(*) AS waiting FROM assignment_changes").first<number>("waiting");

const work = async () => {
  await startAssigning(env);
  return finish("assign");
};

beforeEach(async () => {
  for (const table of ["assignment_changes", "channel_sets", "set_members", "sets"])
    await env.DB.exec(`DELETE FROM ${table}`);
});
afterEach(() => vi.restoreAllMocks());

test("every enrolled device is told when what everybody has changed", async () => {
  await env.DB.exec(
    `INSERT INTO devices (id, state, kind, created_at) VALUES
    ('e1', 'enrolled', 'device', 0), ('e2', 'unenrolled', 'device', 0), ('e3', 'enrolled', 'user', 0)`.replaceAll(
      "\n",
      " ",
    ),
  );
  await ask("PATCH", "/api/v1/settings", { json: { organization: "Example" } });
  await ask("PATCH", "/api/v1/settings", { json: { organization: "Example", events_days: 80 } });
  const listen = told();
  await listeners(listen);

  await work();
  expect(listen, "not before every isolate knows the setting").not.toHaveBeenCalled();
  expect(await waitingChanges()).toBe(1);
  await env.DB.exec("UPDATE assignment_changes SET due_at = due_at - 60000");
  await work();

  expect(listen.mock.calls.map(([id]) => id).toSorted()).toEqual(["e1", "e3"]);
  expect(await waitingChanges()).toBe(0);
  await env.DB.exec("DELETE FROM devices");
});

test("everybody who has a set that changed is told once, page after page", async () => {
  const ids = Array.from({ length: 450 }, (_, n) => `device-${String(n).padStart(3, "0")}`);
  await write(...set("a"), ...set("b"), giveTo("a", ids), giveTo("b", ids.slice(100)));
  await write(setChanged(db, "a", { now }), setChanged(db, "b", { now }), setChanged(db, "a", { now }));
  const listen = told();
  await listeners(listen);

  const { counts, pages } = await work();

  expect(counts).toEqual({ told: 450 });
  expect(listen.mock.calls.map(([id]) => id).toSorted()).toEqual(ids);
  expect(pages).toBe(5);
  expect(await waitingChanges()).toBe(0);
});

test("a profile that changed concerns each set that holds it", async () => {
  await write(...set("a", ["com.example.wifi"]), ...set("b", ["com.example.wifi"]), ...set("c"));
  await write(giveTo("a", ["1"]), giveTo("b", ["2"]), giveTo("c", ["3"]));
  await write(memberChanged(db, "profile", "com.example.wifi", { now }));
  const listen = told();
  await listeners(listen);

  await work();

  expect(listen.mock.calls.map(([id]) => id).toSorted()).toEqual(["1", "2"]);
});

test("a set that is no more is taken from everybody who has it", async () => {
  await write(giveTo("gone", ["1", "2"]), setRemoved(db, "gone", { now }));
  await listeners(async (id) => {
    expect(await setsOfDevice(db, id)).toEqual([]);
  });

  expect(await work()).toMatchObject({ counts: { lost: 2, told: 2 }, remarkCount: 0 });
});

test("a device that does not answer keeps nobody waiting, and is tried again later", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await write(devicesChanged(db, ["1", "2", "3"], { now }));
  await listeners((id) => (id === "2" ? Promise.reject(new Error("no")) : Promise.resolve()));

  const { counts, remarks } = await work();

  expect(counts).toEqual({ told: 2, unreachable: 1 });
  expect(remarks).toEqual([{ about: "2", detail: "no" }]);
  const waiting = await env.DB.prepare("SELECT * FROM assignment_changes").all<{ due_at: number }>();
  expect(waiting.results).toMatchObject([{ device_id: "2", attempts: 1 }]);
  expect(waiting.results[0]?.due_at).toBeGreaterThan(now + 59_000);
});

test("a note that is written during the last page is not forgotten", async () => {
  await write(deviceChanged(db, "1", { now }));
  await listeners(async () => {});
  await startAssigning(env);
  await nextPage("assign");
  await write(deviceChanged(db, "2", { now }));

  await startAssigning(env);
  expect(await jobObject("assign").status()).toMatchObject({ state: "running" });

  await finish("assign");
  expect(await waitingChanges()).toBe(0);
});

describe("what is done next", () => {
  const row = (change: Partial<ChangeRow>): ChangeRow => ({
    id: 1,
    concerns: "device",
    setName: null,
    deviceId: null,
    quiet: false,
    attempts: 0,
    dueAt: 0,
    personId: null,
    ...change,
  });

  test("devices that are named come first, each once, and loudly if anybody wants it so", () => {
    const due = [
      row({ id: 1, concerns: "channels", setName: "a" }),
      row({ id: 2, deviceId: "x", quiet: true }),
      row({ id: 3, deviceId: "y", quiet: true, attempts: 2 }),
      row({ id: 4, deviceId: "x" }),
    ];

    expect(nextWork(due)).toEqual({
      does: "tell",
      devices: [
        { deviceId: "x", quiet: false, attempts: 0 },
        { deviceId: "y", quiet: true, attempts: 2 },
      ],
      changes: [2, 3, 4],
    });
  });

  test("sets are walked together, but the quiet apart from the loud", () => {
    const due = [
      row({ id: 1, concerns: "channels", setName: "a" }),
      row({ id: 2, concerns: "channels", setName: "b", quiet: true }),
      row({ id: 3, concerns: "fleet", setName: "a" }),
      row({ id: 4, concerns: "channels", setName: "c" }),
    ];

    expect(nextWork(due)).toEqual({ does: "walk", setNames: ["a", "c"], quiet: false, changes: [1, 4] });
  });

  test("with nothing due there is nothing to do", () => {
    expect(nextWork([])).toBeUndefined();
  });
});
