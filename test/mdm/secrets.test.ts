import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { holdsSecret, mask, masked } from "../../src/mdm/secrets.ts";
import type { PlistDict, PlistValue } from "../../src/plist/value.ts";

const dict = (entries: { [key: string]: PlistValue }): PlistDict => new Map(Object.entries(entries));

describe("masked is", () => {
  test.each<[string, PlistDict, PlistDict]>([
    ["a secret by its name", dict({ PIN: "314159", Message: "hi" }), dict({ PIN: masked, Message: "hi" })],
    [
      "a secret at any depth",
      dict({ Accounts: [dict({ name: "a", passwordHash: utf8("hash") })] }),
      dict({ Accounts: [dict({ name: "a", passwordHash: masked })] }),
    ],
    [
      "a private key with its certificate",
      dict({ PayloadType: "com.apple.security.pkcs12", PayloadContent: utf8("key"), Name: "id" }),
      dict({ PayloadType: "com.apple.security.pkcs12", PayloadContent: masked, Name: "id" }),
    ],
    ["a document of its own", dict({ Payload: utf8("<plist/>") }), dict({ Payload: masked })],
  ])("%s", (_, value, shown) => {
    expect(mask(value)).toEqual(shown);
    expect(holdsSecret(value)).toBe(true);
  });

  test.each<[string, PlistDict]>([
    [
      "the certificate of an authority",
      dict({ PayloadType: "com.apple.security.root", PayloadContent: utf8("certificate") }),
    ],
    [
      "the payloads of a profile",
      dict({ PayloadContent: [dict({ PayloadType: "com.apple.wifi.managed" })] }),
    ],
    ["text that is only called a payload", dict({ Payload: "com.example" })],
  ])("not %s", (_, value) => {
    expect(mask(value)).toEqual(value);
    expect(holdsSecret(value)).toBe(false);
  });
});
