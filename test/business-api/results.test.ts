import { expect, test } from "vitest";
import { readResults } from "../../src/business-api/results.ts";

const well = { serial: "C0FFEE01", outcome: "SUCCESS", detail: undefined };

test.each([
  ["as Apple may name them", "Serial Number,Status,Failure Reason\r\nC0FFEE01,SUCCESS,\r\n"],
  ["in another order and case", "STATUS,serialNumber\nSUCCESS,C0FFEE01"],
  ["with a mark of the encoding, and quotes", '\u{feff}"Serial Number","Result"\n"C0FFEE01","SUCCESS"'],
  ["without an outcome: nobody complains", "deviceId,Error\nC0FFEE01,"],
])("the table of an activity is read %s", (_title, text) => {
  expect(readResults(text)).toEqual([well]);
});

test("a reason may hold commas, quotes and line ends", () => {
  const text = 'Serial Number,Status,Reason\nC0FFEE01,FAILED,"no, ""really""\nnot"\n';

  expect(readResults(text)).toEqual([{ serial: "C0FFEE01", outcome: "FAILED", detail: 'no, "really"\nnot' }]);
});

test("a table without serial numbers is none", () => {
  expect(readResults("<html>sign in</html>")).toBeUndefined();
  expect(readResults("")).toBeUndefined();
});
