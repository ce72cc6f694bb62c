import { expect, test } from "vitest";
import { lineOf, placesInJson, placesInPlist } from "../../console/src/pages/library/editor/places.ts";

// Where in a text the things are that a finding's JSON pointer names.

const json = `{
  "a": 1,
  "b/c": {
    "list": [
      "one: {not a key}",
      { "deep": true }
    ]
  },
  "last": "\\"}"
}`;

test.each([
  ["", 1],
  ["/a", 2],
  ["/b~1c", 3],
  ["/b~1c/list", 4],
  ["/b~1c/list/0", 5],
  ["/b~1c/list/1/deep", 6],
  ["/last", 9],
])("in JSON, %s is in line %i", (pointer, line) => {
  expect(lineOf(placesInJson(json), pointer)).toBe(line);
});

const plist = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
  <!-- <key>NotThere</key><string/> -->
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>SSID_STR</key>
      <string>a &lt;dict&gt;</string>
      <key>Domains</key>
      <array><string>one</string>
        <string>two</string></array>
    </dict>
    <dict/>
  </array>
  <key>Name &amp; more</key>
  <true/>
</dict>
</plist>`;

test.each([
  ["", 3],
  ["/PayloadContent", 5],
  ["/PayloadContent/0", 7],
  ["/PayloadContent/0/SSID_STR", 8],
  ["/PayloadContent/0/Domains/0", 11],
  ["/PayloadContent/0/Domains/1", 12],
  ["/PayloadContent/1", 14],
  ["/Name & more", 16],
])("in a property list, %s is in line %i", (pointer, line) => {
  expect(lineOf(placesInPlist(plist), pointer)).toBe(line);
});

test("what is missing is at the thing around it", () => {
  expect(lineOf(placesInPlist(plist), "/PayloadContent/0/EncryptionType/deeper")).toBe(7);
  expect(lineOf(placesInJson(json), "/b~1c/nothing")).toBe(3);
  expect(placesInPlist(plist).has("/NotThere")).toBe(false);
});

test.each(["", "{", '{"a', '{"a": [1, ', "]]]]", "<dict><key>a", "</dict></dict>", '{"a" "b" 1}'])(
  "half a text has what it has: %s",
  (text) => {
    expect(lineOf(placesInJson(text), "/a/b")).toBe(1);
    expect(lineOf(placesInPlist(text), "/a/b")).toBe(1);
  },
);
