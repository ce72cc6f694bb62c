import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { readPlist } from "../../src/plist/read.ts";
import { ask } from "../support/admin.ts";
import { enrolledDevice, give, objectOf, stateOf } from "../support/fleet.ts";
import { readyToEnroll } from "../support/invitations.ts";

describe("a user of a Mac", () => {
  test("has a queue apart from the device's", async () => {
    const mac = await enrolledDevice("mac");
    const [user] = mac.users;
    if (user === undefined) throw new Error("the Mac brought no user");
    const [forDevice, forUser] = [
      await give(mac, "DeviceInformation"),
      await give(mac, "ProfileList", {}, { userId: user.id }),
    ];

    expect((await user.idle()).command?.uuid).toBe(forUser);
    expect((await mac.idle()).command?.uuid).toBe(forDevice);
    await user.acknowledge(forUser);
    expect([await stateOf(mac, forUser, user.id), await stateOf(mac, forDevice)]).toEqual([
      "acknowledged",
      "sent",
    ]);
  });

  test("whose login waits is sent all that is pending, and then let in by an empty answer", async () => {
    const mac = await enrolledDevice("mac");
    const [user] = mac.users;
    if (user === undefined) throw new Error("the Mac brought no user");
    for (const type of ["ProfileList", "CertificateList"]) await give(mac, type, {}, { userId: user.id });

    const turns = await user.converse(() => ({ status: "Acknowledged" }), { NeedSyncResponse: true });

    expect(turns.map(({ command }) => command.requestType)).toEqual(["ProfileList", "CertificateList"]);
  });

  test("who is being set up gets profiles only, and the rest after the login", async () => {
    const mac = await enrolledDevice("mac");
    const [user] = mac.users;
    if (user === undefined) throw new Error("the Mac brought no user");
    const list = await give(mac, "ProfileList", {}, { userId: user.id });
    const policy = await give(mac, "InstallProfile", { Payload: utf8("x") }, { userId: user.id });

    expect((await user.idle({ UserConfiguration: true })).command?.uuid).toBe(policy);
    await user.notNow(policy);
    expect((await user.idle()).command?.uuid).toBe(list);
  });

  test("who has sent no TokenUpdate gets an empty answer", async () => {
    const mac = await enrolledDevice("mac");
    const newcomer = mac.user({ shortName: "newcomer" });

    const answer = await newcomer.idle();

    expect([answer.status, answer.body.length]).toEqual([200, 0]);
  });

  test("cannot be given commands before the device has told of them", async () => {
    const mac = await enrolledDevice("mac");

    await expect(give(mac, "ProfileList", {}, { userId: "nobody" })).rejects.toThrow("no user channel");
  });

  test("from a directory is declined, so that the Mac asks no more", async () => {
    const mac = await enrolledDevice("mac");
    const user = mac.user({ shortName: "network", directory: true });

    await user.login();

    expect(user.declined).toBe(true);
  });

  test("from a directory is managed without proof when settings say so", async () => {
    await ask("PATCH", "/api/v1/settings", { json: { user_authenticate: "empty-challenge" } });
    const mac = await enrolledDevice("mac");
    const user = mac.user({ shortName: "network", directory: true });

    await user.login();

    expect(user.declined).toBe(false);
    expect((await objectOf(mac).describe())?.channels.map(({ userShortName }) => userShortName)).toContain(
      "network",
    );
    await ask("PATCH", "/api/v1/settings", { json: { user_authenticate: "decline" } });
  });
});

describe("users of a Shared iPad", () => {
  test("are told apart by their short names, also strange ones", async () => {
    const ipad = await enrolledDevice("sharedIpad");
    const names = ["anna@school.example", "ben:two.dots@school.example"];
    for (const shortName of names) await ipad.user({ shortName }).login();

    const [anna, ben] = [
      await give(ipad, "ProfileList", {}, { userId: "anna@school.example" }),
      await give(ipad, "ProfileList", {}, { userId: "ben:two.dots@school.example" }),
    ];

    expect((await ipad.user({ shortName: "anna@school.example" }).idle()).command?.uuid).toBe(anna);
    expect((await ipad.user({ shortName: "ben:two.dots@school.example" }).idle()).command?.uuid).toBe(ben);
  });
});

describe("tokens kept for a device", () => {
  test("its bootstrap token is given back to it, and an empty one deletes it", async () => {
    const mac = await enrolledDevice("mac");

    expect((await mac.getBootstrapToken()).token?.length ?? 0).toBe(0);
    await mac.setBootstrapToken();
    expect((await mac.getBootstrapToken()).token).toEqual(mac.bootstrapToken);
    await mac.setBootstrapToken(null);
    expect((await mac.getBootstrapToken()).token?.length ?? 0).toBe(0);
  });

  test("its unlock token survives a TokenUpdate that brings none", async () => {
    const phone = await enrolledDevice("iphone");

    await phone.tokenUpdate();

    expect(await objectOf(phone).readEscrow("unlock-token")).toMatchObject([
      { value: phone.unlockToken, current: true },
    ]);
  });

  test("a newer unlock token takes the older one's place", async () => {
    const phone = await enrolledDevice("iphone");
    const newer = new Uint8Array(2000).fill(7);

    await phone.tokenUpdate({ unlockToken: newer });

    expect(await objectOf(phone).readEscrow("unlock-token")).toMatchObject([{ value: newer }]);
  });
});

describe("what this server has nothing for", () => {
  test("a token of an unknown service is refused with 400", async () => {
    const phone = await enrolledDevice("iphone");

    expect((await phone.getToken("com.example.unknown")).status).toBe(400);
  });

  test("a declaration that the device should not have is 404", async () => {
    const phone = await enrolledDevice("iphone");

    expect((await phone.declarativeManagement("declaration/configuration/x")).status).toBe(404);
  });

  test("a token for an account at Apple is refused while there is none", async () => {
    const phone = await enrolledDevice("iphone");

    expect((await phone.getToken("com.apple.maid")).status).toBe(400);
  });
});

describe("return to service", () => {
  test("is answered, and not enabled unless settings say so", async () => {
    const phone = await enrolledDevice("iphone", { ade: true });

    const answer = await phone.returnToService();

    expect(readPlist(answer.body)).toMatchObject({
      value: new Map([["ReturnToService", new Map([["Enabled", false]])]]),
    });
  });

  test("brings the Wi-Fi profile and the bootstrap token once it is enabled", async () => {
    await readyToEnroll();
    const phone = await enrolledDevice("iphone", { ade: true });
    await phone.setBootstrapToken();
    await ask("PATCH", "/api/v1/settings", {
      json: { return_to_service: true, return_to_service_wifi_profile: btoa("<plist/>") },
    });

    const read = readPlist((await phone.returnToService()).body);

    const given = read.ok && read.value instanceof Map ? read.value.get("ReturnToService") : undefined;
    expect(given).toMatchObject(
      new Map<string, unknown>([
        ["Enabled", true],
        ["WiFiProfileData", utf8("<plist/>")],
        // Enrolled by hand, it would not find its enrollment by itself.
        ["MDMProfileData", expect.any(Uint8Array)],
        ["BootstrapToken", phone.bootstrapToken],
      ]),
    );
  });
});

describe("a watch that pairs", () => {
  const parameters = (PhoneUDID: string) => ({
    SecurityToken: crypto.randomUUID(),
    PhoneUDID,
    WatchUDID: "W1",
  });

  test("gets its token through its phone, another one each time", async () => {
    const phone = await enrolledDevice("iphone");
    const tokens = await Promise.all(
      [1, 2].map(async () => (await phone.getToken("com.apple.watch.pairing", parameters(phone.id))).body),
    );

    expect(tokens.map((body) => readPlist(body).ok)).toEqual([true, true]);
    expect(tokens[0]).not.toEqual(tokens[1]);
  });

  test("gets none for another phone, nor without all that names it", async () => {
    const phone = await enrolledDevice("iphone");

    expect((await phone.getToken("com.apple.watch.pairing", parameters("OTHER"))).status).toBe(400);
    expect((await phone.getToken("com.apple.watch.pairing", { PhoneUDID: phone.id })).status).toBe(400);
  });
});
