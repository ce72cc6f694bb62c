import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { parseEnrollmentId } from "../../src/mdm/channel.ts";
import { checkinType, connectType, decodeMessage } from "../../src/mdm/decode.ts";
import type { PlistInput } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";

const decode = (message: PlistInput, type: string | undefined = checkinType) =>
  decodeMessage(type, writePlist(message));

const speakerOf = (message: { [key: string]: PlistInput }) => {
  const decoded = decode({ Status: "Idle", ...message }, connectType);
  return decoded.ok ? decoded.value.channel : decoded.refusal.reason;
};

describe("who speaks", () => {
  test.each<[string, { [key: string]: PlistInput }, string, string, string | undefined]>([
    ["a device", { UDID: "U1" }, "device", "U1", undefined],
    ["a user of a Mac", { UDID: "U1", UserID: "G1", UserShortName: "anna" }, "mac_user", "U1", "G1"],
    [
      "a user of a Shared iPad, by the short name",
      { UDID: "U1", UserID: "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", UserShortName: "anna@school.example" },
      "shared_ipad_user",
      "U1",
      "anna@school.example",
    ],
    ["a user enrollment", { EnrollmentID: "E1" }, "user_enrollment", "E1", undefined],
    [
      "a user of a user enrollment",
      { EnrollmentID: "E1", EnrollmentUserID: "X:1" },
      "user_enrollment_user",
      "E1",
      "X:1",
    ],
    [
      "the UDID, when a message carries both ids",
      { UDID: "U1", EnrollmentID: "E1" },
      "device",
      "U1",
      undefined,
    ],
  ])("%s", (_, keys, kind, deviceId, userId) => {
    expect(speakerOf(keys)).toEqual({ kind, deviceId, userId });
  });

  test.each<[string, { [key: string]: PlistInput }, string]>([
    ["nobody", {}, "no-identifier"],
    ["an empty id", { UDID: "" }, "bad-identifier"],
    ["an id of another type", { UDID: 7 }, "bad-identifier"],
    ["an id with a control character", { UDID: "U\n1" }, "bad-identifier"],
    ["a device id with a colon, which would read as a user's", { UDID: "U:1" }, "bad-identifier"],
    ["an id that is too long", { UDID: "U".repeat(256) }, "bad-identifier"],
    [
      "a Shared iPad user without a short name",
      { UDID: "U1", UserID: "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF" },
      "bad-identifier",
    ],
  ])("%s is refused", (_, keys, reason) => {
    expect(speakerOf(keys)).toBe(reason);
  });

  test("an enrollment id is parted at its first colon only", () => {
    expect(parseEnrollmentId("U1:anna:b@school.example")).toEqual({
      deviceId: "U1",
      userId: "anna:b@school.example",
    });
    expect(parseEnrollmentId("U1")).toEqual({ deviceId: "U1", userId: undefined });
  });
});

describe("check-in or connect", () => {
  const checkin = { MessageType: "CheckOut", UDID: "U1", Topic: "com.apple.mgmt.x" };
  const report = { Status: "Idle", UDID: "U1" };

  test.each<[string, PlistInput, string | undefined, string]>([
    ["by the media type of check-in", checkin, checkinType, "checkin"],
    ["by the media type of connect, with a charset", report, `${connectType}; charset=UTF-8`, "report"],
    ["by the body, where the type is missing", report, undefined, "report"],
    ["by the body, where the type is another one", checkin, "text/xml", "checkin"],
    ["by the body, where the type contradicts it", checkin, connectType, "checkin"],
  ])("told apart %s", (_, message, type, as) => {
    expect(decode(message, type)).toMatchObject({ value: { as } });
  });

  test("a dictionary that is neither is refused", () => {
    expect(decode({ UDID: "U1" })).toMatchObject({ refusal: { reason: "not-a-message" } });
  });

  test.each([checkinType, connectType, undefined])("one that is both is refused, sent as %s", (type) => {
    expect(decode({ ...checkin, ...report }, type)).toMatchObject({
      refusal: { reason: "not-a-message", detail: "the property list has both MessageType and Status" },
    });
  });

  test("nothing is no report: downloads are signed over nothing", () => {
    expect(decodeMessage(connectType, utf8(""))).toMatchObject({ refusal: { reason: "not-a-plist" } });
  });

  test.each<[string, Uint8Array, string]>([
    ["nothing", utf8(""), "not-a-plist"],
    ["what is no property list", utf8("{}"), "not-a-plist"],
    ["a list instead of a dictionary", writePlist([]), "not-a-message"],
  ])("%s is refused", (_, body, reason) => {
    expect(decodeMessage(checkinType, body)).toMatchObject({ refusal: { reason } });
  });

  test("keys that nobody documented are passed over", () => {
    const decoded = decode({ MessageType: "Authenticate", UDID: "U1", Topic: "t", Challenge: utf8("x") });

    expect(decoded).toMatchObject({ ok: true, value: { checkin: { MessageType: "Authenticate" } } });
  });

  test("bootstrap-token messages may name nobody, others may not", () => {
    expect(decode({ MessageType: "GetBootstrapToken" })).toMatchObject({
      ok: true,
      value: { channel: undefined },
    });
    expect(decode({ MessageType: "CheckOut" })).toMatchObject({ refusal: { reason: "no-identifier" } });
  });

  test("an empty bootstrap token is read as none", () => {
    const decoded = decode({ MessageType: "SetBootstrapToken", BootstrapToken: new Uint8Array() });

    expect(decoded).toMatchObject({ value: { checkin: { BootstrapToken: undefined } } });
  });

  test.each<[string, { [key: string]: PlistInput }, string]>([
    ["an unknown message", { MessageType: "Surprise" }, "unknown-message-type"],
    ["a message named like a built-in", { MessageType: "constructor" }, "unknown-message-type"],
    ["a missing key", { MessageType: "TokenUpdate", Topic: "t" }, "bad-key"],
    [
      "a key of the wrong type",
      { MessageType: "TokenUpdate", Topic: "t", PushMagic: "m", Token: "text" },
      "bad-key",
    ],
  ])("%s is refused", (_, keys, reason) => {
    expect(decode({ UDID: "U1", ...keys })).toMatchObject({ refusal: { reason } });
  });
});

describe("a report", () => {
  test.each(["Acknowledged", "Error", "CommandFormatError", "NotNow"])("%s names its command", (Status) => {
    expect(decode({ UDID: "U1", Status, CommandUUID: "C1" }, connectType)).toMatchObject({
      value: { report: { Status, CommandUUID: "C1", undecodable: undefined } },
    });
  });

  test.each<[string, Uint8Array, string]>([
    ["of an unknown status", writePlist({ UDID: "U1", Status: "Perhaps" }), 'Status "Perhaps" is not known'],
    [
      "without its command",
      writePlist({ UDID: "U1", Status: "Error" }),
      "CommandUUID is missing with Status Error",
    ],
    [
      "with a flag that is none",
      writePlist({ UDID: "U1", Status: "Idle", NeedSyncResponse: 1 }),
      "NeedSyncResponse must be a boolean",
    ],
    ["that is no property list", utf8("garbage"), "the body is not a property list"],
  ])(
    "%s is taken, so that the device need not repeat it for ever, and says why it cannot be read",
    (_, body, why) => {
      const decoded = decodeMessage(connectType, body);

      expect(decoded).toMatchObject({
        value: { as: "report", report: { Status: "Idle", undecodable: expect.stringContaining(why) } },
      });
    },
  );

  test("a strange error chain does not keep a command from ending", () => {
    const ErrorChain = [{ ErrorCode: 12, USEnglishDescription: "no" }, "what?", { ErrorDomain: 5 }];

    const decoded = decode({ UDID: "U1", Status: "Error", CommandUUID: "C1", ErrorChain }, connectType);

    expect(decoded).toMatchObject({
      value: { report: { ErrorChain: [{ ErrorCode: 12, description: "no" }, {}] } },
    });
  });

  test("a large report is read by its envelope", () => {
    const InstalledApplicationList = Array.from({ length: 6000 }, (_, at) => ({
      Identifier: `com.example.app${at}`,
      Status: "hidden",
    }));

    const decoded = decode(
      { UDID: "U1", Status: "Acknowledged", CommandUUID: "C1", InstalledApplicationList },
      connectType,
    );

    expect(decoded).toMatchObject({ value: { as: "report", report: { CommandUUID: "C1" } } });
  });
});
