import { expect, test } from "vitest";
import { wantedOf } from "../../../src/http/packages/range.ts";

const file = { size: 1000, etag: '"abc"' };
const ask = (headers: Record<string, string>) => wantedOf(new Headers(headers), file);

test.each([
  ["nothing", {}, { status: 200 }],
  ["the beginning", { Range: "bytes=0-99" }, { status: 206, offset: 0, length: 100 }],
  ["one byte", { Range: "bytes=999-999" }, { status: 206, offset: 999, length: 1 }],
  ["from the middle on", { Range: "bytes=500-" }, { status: 206, offset: 500, length: 500 }],
  ["more than there is", { Range: "bytes=900-5000" }, { status: 206, offset: 900, length: 100 }],
  ["the end", { Range: "bytes=-10" }, { status: 206, offset: 990, length: 10 }],
  ["an end longer than the file", { Range: "bytes=-9999" }, { status: 206, offset: 0, length: 1000 }],
  ["what lies behind the file", { Range: "bytes=1000-" }, { status: 416 }],
  ["no bytes of the end", { Range: "bytes=-0" }, { status: 416 }],
  ["a range backwards", { Range: "bytes=9-3" }, { status: 200 }],
  ["several ranges", { Range: "bytes=0-1,5-6" }, { status: 200 }],
  ["another unit", { Range: "lines=0-1" }, { status: 200 }],
  ["no range at all", { Range: "bytes=-" }, { status: 200 }],
  ["a range with too many digits", { Range: `bytes=${"9".repeat(40)}-` }, { status: 200 }],
  ["what it has", { "If-None-Match": '"abc"' }, { status: 304 }],
  ["what it has, weakly", { "If-None-Match": 'W/"abc"' }, { status: 304 }],
  ["what is not one of several", { "If-None-Match": '"x", "abc"' }, { status: 304 }],
  ["what it has not", { "If-None-Match": '"other"' }, { status: 200 }],
  ["only this file", { "If-Match": '"other"' }, { status: 412 }],
  ["only a file", { "If-Match": "*", Range: "bytes=1-2" }, { status: 206, offset: 1, length: 2 }],
  [
    "the rest of this file",
    { "If-Range": '"abc"', Range: "bytes=1-" },
    { status: 206, offset: 1, length: 999 },
  ],
  ["the rest of an earlier file", { "If-Range": '"old"', Range: "bytes=1-" }, { status: 200 }],
  [
    "the rest of a file of that day",
    { "If-Range": "Sat, 28 Nov 2026 20:00:00 GMT", Range: "bytes=1-" },
    { status: 200 },
  ],
])("asked for %s", (_, headers, wanted) => {
  expect(ask(headers as Record<string, string>)).toEqual(wanted);
});
