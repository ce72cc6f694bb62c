import { describe, expect, test } from "vitest";
import { readEnvelope } from "../../src/plist/envelope.ts";
import { readPlist } from "../../src/plist/read.ts";
import { readUpload } from "../../src/plist/upload.ts";

// Inputs that make a careless reader start over at every character. A megabyte takes milliseconds when time is linear
// and seconds to many minutes when it is not. Of the processor's time: how busy the machine is makes no difference.
const size = 1_000_000;
const boundMs = 2_000;
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const repeat = (text: string, length = size): string => text.repeat(Math.ceil(length / text.length));
const body = (content: string): string => `<plist><dict><key>a</key>${content}`;

const inputs: [string, string][] = [
  ["open tags", repeat("<array>")],
  ["open tags of no property list", `<plist>${repeat("<a>")}`],
  ["closing tags", `<plist>${repeat("</array>")}`],
  ["half tags", `<plist>${repeat("<")}`],
  ["half tags in a value", body(`<string>${repeat("<")}`)],
  ["comments that do not end", `<plist>${repeat("<!--")}`],
  ["comments", `<plist>${repeat("<!---->")}`],
  ["instructions that do not end", `<plist>${repeat("<?")}`],
  ["instructions", `<plist>${repeat("<?a?>")}`],
  ["CDATA that does not end", body(`<string>${repeat("<![CDATA[")}`)],
  ["CDATA", body(`<string>${repeat("<![CDATA[]]>")}`)],
  ["brackets in CDATA", body(`<string><![CDATA[${repeat("]]")}`)],
  ["ampersands", body(`<string>${repeat("&")}</string>`)],
  ["references", body(`<string>${repeat("&amp;")}</string></dict></plist>`)],
  ["a reference that does not end", body(`<string>&${repeat("a")}</string>`)],
  ["a number with no end", body(`<string>&#${repeat("1")};</string>`)],
  ["spaces in an integer", body(`<integer>1${repeat(" ")}1</integer>`)],
  ["spaces around an integer", body(`<integer>${repeat(" ")}1${repeat(" ")}</integer></dict></plist>`)],
  ["digits of an integer", body(`<integer>${repeat("1")}</integer>`)],
  ["zeros of an integer", body(`<integer>${repeat("0")}1</integer></dict></plist>`)],
  ["digits of a real", body(`<real>${repeat("1")}.${repeat("1")}x</real>`)],
  ["a date", body(`<date>${repeat("2026-")}</date>`)],
  ["base64 with spaces", body(`<data>${repeat("A ")}*</data>`)],
  ["padding", body(`<data>${repeat("=")}</data>`)],
  ["spaces in a tag", `<plist${repeat(" ")}`],
  ["attributes", `<plist${repeat(" a='1'")}><true/></plist>`],
  [
    "different attributes",
    `<plist${Array.from({ length: 80_000 }, (_, at) => ` a${at}='1'`).join("")}><true/></plist>`,
  ],
  ["quotes", `<plist a="${repeat("'")}`],
  ["a name", `<${repeat("a")}`],
  ["a document type", `<!DOCTYPE ${repeat("a ")}`],
  ["literals of a document type", `<!DOCTYPE ${repeat("'a'")}`],
  ["white space", `${repeat(" \n")}<plist>`],
  ["lines before an error", `${repeat("\n")}<plist><x/></plist>`],
  ["keys", `<plist><dict>${Array.from({ length: 50_000 }, (_, at) => `<key>${at}</key><true/>`).join("")}`],
];

describe("a megabyte of anything is read or refused in linear time", () => {
  test.each(inputs)("%s", (_, text) => {
    const bytes = new TextEncoder().encode(text);
    const start = cpuMs();

    const results = [readPlist(bytes), readEnvelope(bytes), readUpload(bytes)];

    expect(cpuMs() - start).toBeLessThan(boundMs);
    expect(results).toHaveLength(3);
  });
});

test("25 MB of results are passed over by the envelope", () => {
  const text = `<plist><dict><key>a</key><array>${repeat("<dict><key>b</key><string>c</string></dict>", 25_000_000)}</array><key>Status</key><string>Idle</string></dict></plist>`;

  expect(readEnvelope(new TextEncoder().encode(text))).toEqual({
    ok: true,
    value: new Map([["Status", "Idle"]]),
  });
});
