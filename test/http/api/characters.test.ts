import { describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../../src/base/bytes.ts";
import { writePlist } from "../../../src/plist/write.ts";
import { ask, tokenFor } from "../../support/admin.ts";
import { writeBinary } from "../../support/binary-plist.ts";
import { enrolledDevice, give, objectOf } from "../../support/fleet.ts";

// What XML 1.0 forbids, and half surrogate pairs, come in at no door that leads to a property list.

const bodies: [method: string, path: string, json: unknown, pointer: string][] = [
  [
    "POST",
    "/devices/{id}/commands",
    { request_type: "DeviceLock", payload: { Message: "A\u0001" } },
    "/payload/Message",
  ],
  [
    "POST",
    "/devices/{id}/commands?validate=off",
    { request_type: "X", payload: { "a\u0002": 1 } },
    "/payload/a\ufffd",
  ],
  ["POST", "/devices/{id}/commands", { request_type: "Device\u0003Lock" }, "/request_type"],
  [
    "POST",
    "/batches",
    { request_type: "DeviceLock", payload: { Message: "\ud800" }, targets: { ids: ["{id}"] } },
    "/payload/Message",
  ],
  ["PATCH", "/settings", { organization: "Exa\u000bmple" }, "/organization"],
  ["PATCH", "/enrollment/settings", { description: "\uffff" }, "/description"],
  ["PATCH", "/devices/{id}", { attributes: { asset: "1\u001f" } }, "/attributes/asset"],
  ["POST", "/enrollment/challenges", { serial: "C02\udc00" }, "/serial"],
  ["PUT", "/sets/office", { description: "\b" }, "/description"],
  [
    "PUT",
    "/declarations/com.example.one?validate=off",
    { type: "com.apple.configuration.management.test", payload: { Echo: ["{{device.name}}", "\f"] } },
    "/payload/Echo/1",
  ],
  [
    "PUT",
    "/profiles/com.example.one?validate=off",
    { PayloadDisplayName: "Wi\u0000Fi", PayloadContent: [] },
    "/PayloadDisplayName",
  ],
];

describe("a text that no property list can hold", () => {
  test.each(bodies)("%s %s refuses %j", async (method, path, json, pointer) => {
    const device = await enrolledDevice();
    const named = (text: string) => text.replaceAll("{id}", device.id);

    const answer = await ask(method, named(`/api/v1${path}`), {
      json: JSON.parse(named(JSON.stringify(json))),
    });

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([
      {
        pointer,
        code: "forbidden-character",
        detail: expect.stringMatching(/U\+[0-9A-F]{4}, which no property list can/),
      },
    ]);
  });

  test.each([
    [
      "XML",
      utf8(
        "<plist><dict><key>RequestType</key><string>DeviceLock</string><key>Message</key><string>A\u0001</string></dict></plist>",
      ),
    ],
    [
      "binary",
      writeBinary(
        new Map([
          [
            "Command",
            new Map([
              ["RequestType", "DeviceLock"],
              ["Message", "A\u0001"],
            ]),
          ],
        ]),
      ),
    ],
  ])("is refused in a raw command, %s, and nothing is queued", async (form, body) => {
    const device = await enrolledDevice();

    const answer = await ask("POST", `/api/v1/devices/${device.id}/commands?validate=off`, {
      headers: { "Content-Type": form === "XML" ? "application/xml" : "application/octet-stream" },
      body,
    });

    expect([answer.status, answer.json.errors[0].code]).toEqual([400, "forbidden-character"]);
    expect(answer.json.errors[0].pointer).toMatch(/\/Message$/);
    const listed = await objectOf(device).listCommands("", 5);
    expect(listed.ok && listed.value).toEqual([]);
  });

  test("is refused in a profile's file, whatever is overlooked otherwise", async () => {
    const file = `<?xml version="1.0"?><plist version="1.0"><dict><key>PayloadIdentifier</key><string>com.example.file</string><key>PayloadUUID</key><string>1</string><key>PayloadContent</key><array><dict><key>SSID_STR</key><string>Off\u0008ice</string></dict></array></dict></plist>`;

    const answer = await ask("PUT", "/api/v1/profiles/com.example.file?validate=off", {
      headers: { "Content-Type": "application/x-apple-aspen-config" },
      body: file,
    });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0]).toMatchObject({
      pointer: "/PayloadContent/0/SSID_STR",
      code: "forbidden-character",
    });
  });

  test("is refused by KMFDDM's door in a sentence", async () => {
    const token = await tokenFor("operator");

    const answer = await ask("PUT", "/v1/declarations", {
      token: null,
      headers: { Authorization: `Basic ${btoa(`kmfddm:${token}`)}` },
      body: JSON.stringify({ Identifier: "a", Type: "b", Payload: { Echo: "\u0001" } }),
    });

    expect([answer.status, answer.text]).toEqual([
      400,
      expect.stringContaining("/Payload/Echo: holds U+0001"),
    ]);
  });

  test("that a device sent is kept as it came, and people read U+FFFD in its place", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "InstalledApplicationList");
    await device.idle();
    const report = { ...device.ids, Status: "Acknowledged", CommandUUID: uuid, Name: "App\ue001" };
    const raw = fromUtf8(writePlist(report)).replace("\ue001", "\u0001");
    await device.line.connect(utf8(raw));
    const path = `/api/v1/devices/${device.id}/commands/${uuid}`;

    const answer = await ask("GET", path, { headers: { Accept: "application/xml" } });

    expect(answer.status).toBe(200);
    expect(answer.text).toContain("<string>App\ufffd</string>");
    expect((await ask("GET", path)).json.result.Name).toBe("App\u0001");
  });
});
