// What is text or a property list: messages of devices, uploads of people, conditions, reports.
import { isDeepStrictEqual } from "node:util";
import { fromBase64 } from "../../../src/base/bytes.ts";
import { parsePredicate } from "../../../src/declarations/predicate.ts";
import { parseStatusReport } from "../../../src/declarations/status-report.ts";
import { parseJson } from "../../../src/http/api/route/json.ts";
import { guessMachine, otherThanMac } from "../../../src/http/device/enroll-steps.ts";
import { parseEnrollmentId } from "../../../src/mdm/channel.ts";
import { checkinType, connectType, decodeMessage } from "../../../src/mdm/decode.ts";
import { readPem } from "../../../src/pki/pem.ts";
import { readEnvelope } from "../../../src/plist/envelope.ts";
import { readPlist } from "../../../src/plist/read.ts";
import { readUpload } from "../../../src/plist/upload.ts";
import { readProfile } from "../../../src/profiles/read-profile.ts";
import { bytes, fixtureText, pki, type Target, text } from "../target.ts";

type Sample = { xml: string; binary: string };
const written = JSON.parse(fixtureText("plist/written-by-python.json")) as Record<
  "samples" | "readOnly",
  Record<string, Sample>
>;
const samples = [...Object.values(written.samples), ...Object.values(written.readOnly)];
const small = samples.filter(({ xml }) => xml.length < 6_000);
const xmls = small.map(({ xml }) => bytes(xml));
const binaries = small.map(({ binary }) => fromBase64(binary) ?? new Uint8Array());

const xmlWords = [
  ...["plist", "dict", "array", "key", "string", "integer", "real", "date", "data", "true", "false"].flatMap(
    (name) => [`<${name}>`, `</${name}>`, `<${name}/>`],
  ),
  ...["<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "&amp;", "&#x0;", "&#", "&lt", "<!DOCTYPE ", "[", "]>"],
  ...[
    ' encoding="',
    'utf-16"',
    'iso-8859-1"',
    "\u00ef\u00bb\u00bf",
    "nan",
    "0x",
    "-",
    "2026-01-01T00:00:00Z",
  ],
];
const keys = [
  "MessageType",
  "Authenticate",
  "TokenUpdate",
  "CheckOut",
  "UDID",
  "EnrollmentID",
  "UserID",
  "Status",
]
  .concat(
    "Acknowledged",
    "Idle",
    "NotNow",
    "Error",
    "CommandUUID",
    "Topic",
    "Token",
    "PushMagic",
    "UnlockToken",
  )
  .concat(
    "SetBootstrapToken",
    "DeclarativeManagement",
    "Endpoint",
    "Data",
    "UserAuthenticate",
    "EnrollmentUserID",
  )
  .map((key) => `<key>${key}</key><string>`);

const xml: Target = {
  name: "plist-xml",
  words: xmlWords,
  seeds: () => xmls,
  // Two readers of one format: what one takes and the other does not, or takes otherwise, is somebody's way in.
  read(input) {
    const ours = readPlist(input);
    const theirs = readUpload(input);
    if (ours.ok !== theirs.ok) throw new Error("readPlist and readUpload differ in what they accept");
    if (ours.ok && theirs.ok && !isDeepStrictEqual(ours.value, theirs.value)) {
      throw new Error("readPlist and readUpload differ in what they read");
    }
  },
};

const binary: Target = {
  name: "plist-binary",
  words: [
    "bplist00",
    Uint8Array.of(0xd1),
    Uint8Array.of(0xa1),
    Uint8Array.of(0x5f, 0x10),
    Uint8Array.of(0x13),
  ],
  seeds: () => binaries,
  read: (input) => readPlist(input, { nodes: 10_000 }),
};

const outline: Target = {
  name: "plist-envelope",
  words: xmlWords,
  seeds: () => xmls,
  read: (input) => readEnvelope(input),
};

const message: Target = {
  name: "device-message",
  words: [...xmlWords, ...keys],
  seeds: () => [...xmls, ...binaries.slice(0, 6)],
  read: (input) => [checkinType, connectType, undefined].map((type) => decodeMessage(type, input)),
};

const profile: Target = {
  name: "profile-upload",
  words: [...xmlWords, "PayloadContent", "PayloadType", "-----BEGIN PKCS7-----", "-----END PKCS7-----"],
  seeds: () => [...xmls.slice(0, 6), pki("attached.cms"), bytes(fixtureText("pki/attached.cms.pem"))],
  async read(input) {
    await readProfile(input);
    readPem(text(input));
  },
};

const json: Target = {
  name: "json-upload",
  words: ['{"', '":', ",", "[", "]", "}", "null", "true", "1e9", "\\u0000", '"', "__proto__"],
  seeds: () => [bytes('{"request_type":"DeviceLock","PIN":"123456","list":[1,2.5,null,true]}'), bytes("[]")],
  read: (input) => parseJson(input),
};

const predicate: Target = {
  name: "predicate",
  words: [
    "@status(",
    "@property(",
    "@key(",
    ")",
    " AND ",
    " OR ",
    "NOT ",
    "ANY ",
    "ALL ",
    "==",
    "!=",
    "IN {",
    "}",
  ]
    .concat(
      "SUBQUERY(",
      "$x",
      ", ",
      ".@count",
      " > ",
      "BETWEEN ",
      "CONTAINS[cd] ",
      "LIKE ",
      "TRUEPREDICATE",
      "'",
      '"',
    )
    .concat("\\U0001f600", "0x1F", "-1.5e3", "nil", "MATCHES ", "&&", "||", "!"),
  seeds: () =>
    [
      "TRUEPREDICATE",
      "@status(device.model.family) == 'Mac' AND NOT (@status(device.operating-system.version) < '15')",
      "ANY @status(mdm.app).@key(state) IN {'managed', \"failed\", 3, -1.5}",
      "SUBQUERY(@status(mdm.app), $app, $app.@key(identifier) BEGINSWITH[cd] 'com.')." + "@count > 0",
      "@property(role) BETWEEN {1, 5} || !(@property(site) CONTAINS[c] 'x')",
    ].map(bytes),
  read: (input) => parsePredicate(text(input)),
};

const items = new Set([
  "device.model.family",
  "management.declarations",
  "softwareupdate.install-state",
  "mdm.app",
]);
const statusReport: Target = {
  name: "status-report",
  words: [
    '"StatusItems":{',
    '"management":{"declarations":{',
    '"configurations":[',
    '"Errors":[',
    '"identifier":"a"',
  ]
    .concat(
      '"server-token":"b"',
      '"active":true',
      '"valid":"valid"',
      '"reasons":[{"code":"x","details":{}}]',
      "}",
      "]",
    )
    .concat(",", '"FullReport":true', '"StatusItem":"a.b"', '"Reasons":[', "__proto__", "{", "[", '"'),
  seeds: () =>
    [
      '{"StatusItems":{"device":{"model":{"family":"Mac"}},"softwareupdate":{"install-state":"none"}},"FullReport":true}',
      '{"StatusItems":{"management":{"declarations":{"configurations":[{"identifier":"a","server-token":"b","active":true,"valid":"invalid","reasons":[{"code":"Error.X","description":"d","details":{"n":1}}]}]}}},"Errors":[{"StatusItem":"a.b","Reasons":[{"Code":"c"}]}]}',
    ].map(bytes),
  read: (input) => parseStatusReport(text(input), items),
};

const names: Target = {
  name: "names-in-requests",
  words: [":", "Mozilla/5.0 (Macintosh; Intel Mac OS X)", "iPhone", "iPad", "%", "\0"],
  seeds: () => [bytes("A1:B2"), bytes("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)")],
  read(input) {
    const name = text(input);
    return [parseEnrollmentId(name), guessMachine(name), otherThanMac(name)];
  },
};

export const messageTargets = [xml, binary, outline, message, profile, json, predicate, statusReport, names];
