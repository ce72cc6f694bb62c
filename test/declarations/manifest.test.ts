import { expect, test } from "vitest";
import { isIdentifier, kindOfType, writeDeclaration } from "../../src/declarations/declaration.ts";
import { buildManifest, buildTokensResponse, type ManifestItem } from "../../src/declarations/manifest.ts";
import { serverToken } from "../../src/declarations/server-token.ts";

const content = {
  type: "com.apple.configuration.passcode.settings",
  identifier: "com.example.passcode",
  payload: { RequirePasscode: true, CustomRegex: { Regex: "x", Description: { en: "y" } } },
  touches: 0,
  data: [],
};

const items: ManifestItem[] = [
  { kind: "configuration", identifier: "b", serverToken: "2" },
  { kind: "activation", identifier: "z", serverToken: "3" },
  { kind: "configuration", identifier: "a", serverToken: "1" },
];

test.each([
  ["com.apple.activation.simple", "activation"],
  ["com.apple.asset.credential.acme", "asset"],
  ["com.apple.configuration.not.known.yet", "configuration"],
  ["com.apple.management.properties", "management"],
  ["com.apple.configuration", undefined],
  ["com.apple.configuration.", undefined],
  ["com.apple.constellation.simple", undefined],
  ["org.example.activation.simple", "activation"],
  ["com.apple..simple", undefined],
  ["", undefined],
])("the type %j is of the kind %s", (type, kind) => {
  expect(kindOfType(type)).toBe(kind);
});

test("an identifier has at most 64 octets, which may be fewer characters", () => {
  const identifiers = [
    "a",
    "a/b:c.d e",
    "ü".repeat(32),
    "",
    "ü".repeat(33),
    "a".repeat(65),
    "a\nb",
    "\ud800",
  ];

  expect(identifiers.map(isIdentifier)).toEqual([true, true, true, false, false, false, false, false]);
});

test("a server token changes with everything that a device can see, and with nothing else", async () => {
  const same = {
    ...content,
    payload: { CustomRegex: { Description: { en: "y" }, Regex: "x" }, RequirePasscode: true },
  };
  const others = [
    content,
    { ...content, type: "com.apple.configuration.math.settings" },
    { ...content, identifier: "com.example.other" },
    { ...content, payload: { ...content.payload, RequirePasscode: false } },
    { ...content, touches: 1 },
    { ...content, data: ["00"] },
  ];

  const tokens = await Promise.all(others.map(serverToken));

  expect(await serverToken(same)).toBe(tokens[0]);
  expect(new Set(tokens).size).toBe(others.length);
  expect(tokens[0]).toMatch(/^[0-9a-f]{64}$/);
});

test("a manifest lists each kind in order, names the empty ones too, and does not depend on the order given", async () => {
  const manifest = await buildManifest(items);

  expect(await buildManifest(items.toReversed())).toEqual(manifest);
  expect(JSON.parse(manifest.json)).toEqual({
    Declarations: {
      Activations: [{ Identifier: "z", ServerToken: "3" }],
      Assets: [],
      Configurations: [
        { Identifier: "a", ServerToken: "1" },
        { Identifier: "b", ServerToken: "2" },
      ],
      Management: [],
    },
    DeclarationsToken: manifest.token,
  });
});

test("the declarations token follows every member", async () => {
  const [first, ...rest] = items as [ManifestItem, ...ManifestItem[]];
  const manifests = await Promise.all(
    [[], items, rest, [{ ...first, serverToken: "9" }, ...rest]].map(buildManifest),
  );

  expect(new Set(manifests.map((manifest) => manifest.token)).size).toBe(4);
});

test("a tokens response tells whole seconds", () => {
  expect(JSON.parse(buildTokensResponse("t", Date.UTC(2026, 0, 31, 10, 20, 30, 999)))).toEqual({
    SyncTokens: { DeclarationsToken: "t", Timestamp: "2026-01-31T10:20:30Z" },
  });
});

test("a declaration is written with its four keys", () => {
  const written = writeDeclaration({ Type: "t", Identifier: "i", ServerToken: "s", Payload: {} });

  expect(written).toBe('{"Type":"t","Identifier":"i","ServerToken":"s","Payload":{}}');
});
