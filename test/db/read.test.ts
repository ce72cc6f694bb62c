import { expect, test } from "vitest";
import { isStorageFault, StorageUnavailable } from "../../src/db/fault.ts";
import { read } from "../../src/db/read.ts";

const lost = () => new Error("D1_ERROR: Network connection lost.");
const never = () => new Promise<never>(() => {});

function answers<Row>(...turns: (() => Promise<Row>)[]): { query: () => Promise<Row>; asked: () => number } {
  let asked = 0;
  const query = () => {
    const turn = turns[asked];
    asked += 1;
    if (turn === undefined) throw new Error("asked once too often");
    return turn();
  };
  return { query, asked: () => asked };
}

test("a read that D1 dropped is tried once more", async () => {
  const { query, asked } = answers(
    () => Promise.reject(lost()),
    () => Promise.resolve("rows"),
  );

  expect([await read(query), asked()]).toEqual(["rows", 2]);
});

test("a read that stalls is given up and tried once more", async () => {
  const { query, asked } = answers<string>(never, () => Promise.resolve("rows"));

  expect([await read(query, 1), asked()]).toEqual(["rows", 2]);
});

test("a read that stalls twice says how long it waited", async () => {
  await expect(read(answers(never, never).query, 1)).rejects.toThrow(
    new StorageUnavailable("D1 did not answer a read within 1 ms"),
  );
});

test("a bug is not tried again", async () => {
  const { query, asked } = answers(() => Promise.reject(new TypeError("a bug")));

  await expect(read(query)).rejects.toThrow("a bug");
  expect(asked()).toBe(1);
});

test.each([
  [lost(), true],
  [new Error("Failed query: select 1", { cause: lost() }), true],
  [new Error("D1_ERROR: no such table: api_tokens: SQLITE_ERROR"), true],
  [new Error("D1 DB is overloaded. Requests queued for too long."), true],
  [new StorageUnavailable("late"), true],
  [new Error("D1_ERROR: UNIQUE constraint failed: a.b: SQLITE_CONSTRAINT"), false],
  [
    new Error("Failed query", {
      cause: new Error('D1_ERROR: near "FRM": syntax error at offset 7: SQLITE_ERROR'),
    }),
    false,
  ],
  [new TypeError("x is undefined"), false],
  ["not an error", false],
])("%s: the database's fault? %s", (fault, expected) => {
  expect(isStorageFault(fault)).toBe(expected);
});
