import { expect, test } from "vitest";
import { toBase64, toHex, utf8 } from "../../../src/base/bytes.ts";
import { api } from "../../../src/http/api/app.ts";
import { operationsOf } from "../../../src/http/api/route/operations.ts";
import { masked } from "../../../src/mdm/secrets.ts";
import { writePlist } from "../../../src/plist/write.ts";
import { ask, tokenFor } from "../../support/admin.ts";
import { alarmOf, enrolledDevice } from "../../support/fleet.ts";

// What leaves through the escrow endpoint alone, whoever asks and in whatever form.
const escrowRoute = "/api/v1/devices/{id}/escrow/{name}";

test("no route but escrow gives away a secret that a device or an administrator entrusted to us", async () => {
  const device = await enrolledDevice("mac", { managedUser: { shortName: "ada" } });
  const [user] = device.users;
  await device.setBootstrapToken();
  await device.tokenUpdate({ unlockToken: device.unlockToken });
  const path = `/api/v1/devices/${device.id}/commands`;
  const give = async (requestType: string, payload: object) => {
    const { status, json, text } = await ask("POST", `${path}?push=false`, {
      json: { request_type: requestType, payload },
    });
    expect(status, text).toBe(201);
    return json.uuid as string;
  };
  const uuids = [
    await give("DeviceLock", { PIN: "314159", Message: "call us" }),
    await give("SetRecoveryLock", { NewPassword: "a-new-recovery-lock" }),
    await give("InstallProfile", { Payload: btoa("<key>Password</key><string>wifi-password</string>") }),
    await give("ActivationLockBypassCode", {}),
    await give("AccountConfiguration", {
      AutoSetupAdminAccounts: [{ shortName: "admin", passwordHash: btoa("hash-of-a-password") }],
    }),
  ];
  const raw = await ask("POST", `${path}?push=false`, {
    body: writePlist({ Command: { RequestType: "ClearPasscode", UnlockToken: utf8("a-raw-unlock-token") } }),
    headers: { "Content-Type": "application/xml" },
  });
  uuids.push(raw.json.uuid);
  const bypass = uuids[3] as string;
  for (let answer = await device.idle(); answer.command; ) {
    const { uuid } = answer.command;
    answer = await device.acknowledge(
      uuid,
      uuid === bypass ? { ActivationLockBypassCode: "0ABCD-BYPASS-CODE" } : {},
    );
  }
  await alarmOf(device);

  const secrets = [
    ...[device.bootstrapToken, device.unlockToken].flatMap(spellings),
    ...[
      "314159",
      "a-new-recovery-lock",
      "wifi-password",
      "hash-of-a-password",
      "a-raw-unlock-token",
      "0ABCD-BYPASS-CODE",
    ].flatMap((text) => [text, ...spellings(utf8(text))]),
    device.pushMagic,
    user?.pushMagic ?? "",
  ].filter((secret) => secret.length >= 6);
  const ids: Record<string, string[]> = {
    id: [device.id],
    uuid: uuids,
    type: ["Authenticate", "TokenUpdate"],
    name: ["bootstrap-token"],
    fingerprint: ["x"],
  };
  const routes = operationsOf(api).filter(
    ({ method, path: route }) => method === "GET" && route !== escrowRoute,
  );
  const addresses = routes.flatMap(({ path: route }) => filledIn(route, ids));
  const viewer = await tokenFor("viewer");
  let withMask = 0;
  for (const address of addresses) {
    for (const asking of [{}, { token: viewer }, { headers: { Accept: "application/xml" } }]) {
      for (const channel of ["", `?channel=${user?.id}`]) {
        const { status, text } = await ask("GET", address + channel, asking);

        expect(status, address).toBeLessThan(500);
        if (text.includes(masked)) withMask++;
        const given = secrets.filter((secret) => text.replace(/\s/g, "").includes(secret));
        expect(given, address).toEqual([]);
      }
    }
  }
  expect(addresses.length).toBeGreaterThan(routes.length);
  expect(withMask).toBeGreaterThan(10);
});

/** In the ways that bytes are written, from the beginning: what follows may be split or padded elsewhere. */
const spellings = (bytes: Uint8Array): string[] => [
  toBase64(bytes).replace(/=+$/, "").slice(0, 40),
  toHex(bytes).slice(0, 40),
];

const filledIn = (route: string, ids: Record<string, string[]>): string[] => {
  const name = /\{(\w+)\}/.exec(route)?.[1];
  if (name === undefined) return [route];
  return (ids[name] ?? ["x"]).flatMap((id) =>
    filledIn(route.replace(`{${name}}`, encodeURIComponent(id)), ids),
  );
};
