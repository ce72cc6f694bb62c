import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { digestOf, type Hearing, judge } from "../../src/device/checkin/heard.ts";
import type { ChangingType, Heard } from "../../src/device/store/rows.ts";

type Row = [type: ChangingType, digest: string, generation?: number, signedAt?: number];

/** In the order in which they were last heard. */
const rows = (...list: Row[]): Heard[] =>
  list.map(([message_type, digest, generation = 1, signedAt], at) => ({
    number: at + 1,
    message_type,
    generation,
    digest,
    signed_at: signedAt ?? null,
  }));

describe("a check-in is heard", () => {
  test.each<[string, Hearing, Heard[], string, number?, number?]>([
    ["that nobody said before", "first", rows(["Authenticate", "a"]), "b"],
    ["that is the last of its type", "again", rows(["Authenticate", "a"], ["TokenUpdate", "t"]), "a"],
    ["that a newer one followed", "outdated", rows(["TokenUpdate", "t1"], ["TokenUpdate", "t2"]), "t1"],
    ["of a generation that is over", "outdated", rows(["TokenUpdate", "t", 1]), "t", 2],
    [
      "of one that is still pending",
      "again",
      rows(["TokenUpdate", "t", 1], ["Authenticate", "a", 2]),
      "a",
      1,
    ],
    ["a goodbye, twice", "again", rows(["TokenUpdate", "t"], ["CheckOut", "c"]), "c"],
    ["a goodbye before a return", "outdated", rows(["CheckOut", "c"], ["TokenUpdate", "t"]), "c"],
    ["the last token, after a goodbye", "again", rows(["TokenUpdate", "t"], ["CheckOut", "c"]), "t"],
    [
      "an old one, signed again",
      "first",
      rows(["CheckOut", "c", 1, 100], ["TokenUpdate", "t", 1, 110]),
      "c",
      1,
      120,
    ],
    [
      "an old one, as it was signed",
      "outdated",
      rows(["CheckOut", "c", 1, 100], ["TokenUpdate", "t"]),
      "c",
      1,
      100,
    ],
    [
      "an old one, signed before",
      "outdated",
      rows(["CheckOut", "c", 1, 100], ["TokenUpdate", "t"]),
      "c",
      1,
      90,
    ],
  ])("%s: %s", (_, hearing, heard, digest, generation = 1, signedAt = undefined) => {
    expect(judge(heard, { digest, signedAt }, generation)).toBe(hearing);
  });

  test("by its words and by who signed them", async () => {
    const [goodbye, one, other] = [utf8("goodbye"), "aa".repeat(32), "bb".repeat(32)];

    expect(await digestOf(goodbye, one)).toBe(await digestOf(goodbye, one));
    expect(await digestOf(goodbye, one)).not.toBe(await digestOf(goodbye, other));
    expect(await digestOf(goodbye, one)).not.toBe(await digestOf(utf8("good bye"), one));
  });
});
