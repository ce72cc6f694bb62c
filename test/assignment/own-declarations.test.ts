import * as v from "valibot";
import { expect, test } from "vitest";
import { passcodePolicy } from "../../src/admin/passcode-policy.ts";
import { type Settings, settingsSchema } from "../../src/admin/setting-entries.ts";
import { type OwnFacts, ownDeclarations } from "../../src/assignment/own-declarations.ts";
import { checkDeclaration } from "../../src/catalog/check.ts";
import { declarationSpec } from "../../src/catalog/lookup.ts";

const facts: OwnFacts = {
  deviceId: "00008101",
  userId: "",
  platform: "macos",
  kind: "device",
  tags: ["staff", "lab"],
  attributes: { ring: "20", floor: "3rd", leased: "true", tags: "mine", code: "007" },
};
const own = async (patch: Partial<Settings>, more: Partial<OwnFacts> = {}, hasOthers = true) => {
  const settings = { ...v.parse(settingsSchema, { organization: "Example" }), ...patch };
  const declarations = await ownDeclarations(settings, { ...facts, ...more }, hasOthers);
  return Object.fromEntries(declarations.map(({ identifier, body }) => [identifier, JSON.parse(body)]));
};

test("a channel that has declarations is told who manages it, what that can, and what is known of the device", async () => {
  const declarations = await own({ organization_email: "it@example.com" });

  expect(Object.values(declarations).map(({ Type, Payload }) => [Type, Payload])).toEqual([
    ["com.apple.management.organization-info", { Name: "Example", Email: "it@example.com" }],
    ["com.apple.management.server-capabilities", { Version: "1.0.0", SupportedFeatures: {} }],
    [
      "com.apple.management.properties",
      {
        ring: 20,
        floor: "3rd",
        leased: true,
        code: "007",
        tags: ["lab", "staff"],
        shard: expect.any(Number),
      },
    ],
  ]);
});

test("a setting says who gets them", async () => {
  const names = async (...given: Parameters<typeof own>) => Object.keys(await own(...given)).length;

  expect(await names({}, {}, false)).toBe(0);
  expect(await names({ provided_declarations: "everywhere" }, {}, false)).toBe(3);
  expect(await names({ provided_declarations: "none" })).toBe(0);
});

test("the passcode policy of the settings is declared on devices, with its activation", async () => {
  const policy = { provided_declarations: "none", passcode_policy: { MinimumLength: 6 } } as const;

  expect(await own(policy, {}, false)).toMatchObject({
    "edgemdm.passcode": { Payload: { MinimumLength: 6 } },
    "edgemdm.passcode.activation": { Payload: { StandardConfigurations: ["edgemdm.passcode"] } },
  });
  expect(await own(policy, { userId: "anna" })).toEqual({});
  expect(await own(policy, { platform: "tvos" })).toEqual({});
});

test("all that is provided fits the catalogue, and the policy has its keys and limits", async () => {
  const all = await own({
    passcode_policy: { RequirePasscode: true },
    organization_url: "https://example.com",
  });
  const spec = await declarationSpec("com.apple.configuration.passcode.settings");
  const keys = (spec?.keys ?? []).filter(({ name }) => name !== "CustomRegex");

  for (const { Type, Payload } of Object.values(all))
    expect(await checkDeclaration(Type, Payload)).toEqual([]);
  expect(Object.keys(passcodePolicy.entries).toSorted()).toEqual(keys.map(({ name }) => name).toSorted());
  for (const { name, range = {} } of keys)
    for (const value of [range.min, range.max].filter((limit) => limit !== undefined)) {
      expect(v.is(passcodePolicy, { [name]: value }), `${name} ${value}`).toBe(true);
      const beyond = value === range.min ? value - 1 : value + 1;
      expect(v.is(passcodePolicy, { [name]: beyond }), `${name} ${beyond}`).toBe(false);
    }
});
