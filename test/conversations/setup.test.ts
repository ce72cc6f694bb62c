import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { ask, tokenFor } from "../support/admin.ts";
import { failed, plausibleAnswer } from "../support/apple-device.ts";
import { appsLater } from "../support/apps.ts";
import { libraryProfile, putSet } from "../support/assignment.ts";
import { invite, newDevice, objectOf, toldBy } from "../support/fleet.ts";
import { goThrough, heldDevice, look, setUpWith, setupOf, timePasses } from "../support/setups.ts";

const stepsOf = (setup: { steps: { name: string; state: string }[] }) =>
  Object.fromEntries(setup.steps.map(({ name, state }) => [name, state]));

const told = async (device: { id: string }, name: string) =>
  (await toldBy(device)).filter((event) => event.name === name).map(({ detail }) => detail);

const escrowOf = async (device: { id: string }, name: string) =>
  (await ask("GET", `/api/v1/devices/${device.id}/escrow/${name}`)).json;

beforeEach(async () => {
  await invite();
  await setUpWith({
    setup_accounts: null,
    setup_recovery_lock: false,
    setup_minutes: 10,
    setup_step_minutes: 5,
  });
});

describe("a device that awaits configuration", () => {
  test("gets what it should have, and is let go", async () => {
    await libraryProfile("com.example.setup");
    await putSet("setup", { profiles: ["com.example.setup"], filter: { platform: "tvos" } });
    const tv = await heldDevice("appleTv");

    expect(tv.awaitingConfiguration).toBe(true);
    expect(await setupOf(tv)).toMatchObject({ state: "running", released_by: null });
    const commands = await goThrough(tv);

    expect(commands).toEqual(["InstallProfile", "DeviceConfigured"]);
    expect(tv.awaitingConfiguration).toBe(false);
    const setup = await setupOf(tv);
    expect(setup).toMatchObject({ state: "released", released_by: "complete" });
    expect(stepsOf(setup)).toEqual({ profiles: "done", declarations: "done", apps: "done" });
    expect((await ask("GET", `/api/v1/devices/${tv.id}`)).json.awaiting_configuration).toBe(false);
    expect(await told(tv, "setup.released")).toMatchObject([{ by: "complete" }]);
  });

  test("waits for the apps that its sets require, and no longer than a step may take", async () => {
    const source = {
      manifest: { url: "https://files.example.com/forms.plist", bundle_id: "com.example.from-manifest" },
    };
    expect((await ask("PUT", "/api/v1/apps/forms", { json: { source } })).status).toBe(201);
    await putSet("setup-apps", { apps: ["forms"], filter: { platform: "tvos" } });
    const tv = await heldDevice("appleTv");
    const commands = await goThrough(tv);
    expect(commands).toContain("InstallApplication");
    expect(commands).not.toContain("DeviceConfigured");
    await appsLater(tv);
    expect((await goThrough(tv)).at(-1)).toBe("DeviceConfigured");
    expect(await setupOf(tv)).toMatchObject({ state: "released", released_by: "complete" });
    expect(stepsOf(await setupOf(tv))).toMatchObject({ apps: "done" });

    const slow = await heldDevice("appleTv", {
      policy: (command, channel) =>
        command.requestType === "InstallApplication"
          ? { status: "NotNow" }
          : plausibleAnswer(command, channel),
    });
    expect(await goThrough(slow)).not.toContain("DeviceConfigured");
    const { steps } = await setupOf(slow);
    expect(steps.at(-1)).toMatchObject({ name: "apps", state: "running", holds: true });

    await timePasses(slow, 5 * 60_000 + 5_000);
    expect((await setupOf(slow)).steps.at(-1)).toMatchObject({ name: "apps", state: "late", holds: false });
    expect(await goThrough(slow)).toContain("DeviceConfigured");
    await ask("DELETE", "/api/v1/sets/setup-apps?force=true");
  });

  test("gets its accounts and its recovery lock as a Mac, each with a password of its own in escrow", async () => {
    await setUpWith({
      setup_accounts: {
        SetPrimarySetupAccountAsRegularUser: true,
        administrator: { shortName: "it", fullName: "IT", hidden: true },
      },
      setup_recovery_lock: true,
    });
    const [one, other] = [await heldDevice("mac"), await heldDevice("mac")];

    expect(await goThrough(one)).toEqual(["AccountConfiguration", "SetRecoveryLock", "DeviceConfigured"]);
    await goThrough(other);

    expect(stepsOf(await setupOf(one))).toMatchObject({ accounts: "done", "recovery-lock": "done" });
    const [mine, theirs] = [await escrowOf(one, "managed-admin"), await escrowOf(other, "managed-admin")];
    expect(mine.value).toMatch(/^\w{20}$/);
    expect(theirs.value).not.toBe(mine.value);
    expect((await escrowOf(one, "recovery-lock")).value).toMatch(/^\w{20}$/);
  });

  test("is let go although a step failed, and the step says why", async () => {
    await setUpWith({ setup_recovery_lock: true });
    const mac = await heldDevice("mac", {
      policy: (command, channel) =>
        command.requestType === "SetRecoveryLock"
          ? failed(12021, "This Mac has no recovery lock.")
          : plausibleAnswer(command, channel),
    });

    await goThrough(mac);

    const { state, steps } = await setupOf(mac);
    expect(state).toBe("released");
    expect(steps.find(({ name }: { name: string }) => name === "recovery-lock")).toMatchObject({
      state: "failed",
      holds: false,
      error: expect.stringContaining("has no recovery lock"),
    });
    expect(await told(mac, "setup.step_failed")).toMatchObject([{ step: "recovery-lock", state: "failed" }]);
    expect(await escrowOf(mac, "recovery-lock")).toMatchObject({ value: null });
  });

  test("is let go when a step takes too long: the device's own alarm does it", async () => {
    await setUpWith({ setup_recovery_lock: true });
    const mac = await heldDevice("mac");
    await look(mac);
    expect((await setupOf(mac)).steps.at(-1)).toMatchObject({ state: "running", holds: true });

    await timePasses(mac, 5 * 60_000 + 5_000);

    expect(await setupOf(mac)).toMatchObject({ state: "releasing", released_by: "complete" });
    expect((await setupOf(mac)).steps.at(-1)).toMatchObject({ state: "late", holds: false });
    const { command } = await mac.idle();
    expect(command?.requestType).toBe("DeviceConfigured");
  });

  test("is let go when its time is over, before all that waits for it", async () => {
    await setUpWith({ setup_recovery_lock: true, setup_step_minutes: 30 });
    const mac = await heldDevice("mac");
    await look(mac);

    await timePasses(mac, 10 * 60_000);
    const commands = await goThrough(mac);

    expect(commands).toEqual(["DeviceConfigured", "SetRecoveryLock"]);
    expect(await setupOf(mac)).toMatchObject({ state: "released", released_by: "time-limit" });
    expect(await told(mac, "setup.released")).toMatchObject([{ by: "time-limit" }]);
  });

  test("is let go by whoever may, at once", async () => {
    await setUpWith({ setup_recovery_lock: true });
    const mac = await heldDevice("mac");
    await look(mac);
    const path = `/api/v1/devices/${mac.id}/setup/release`;

    expect((await ask("POST", path, { token: await tokenFor("viewer") })).status).toBe(403);
    const answer = await ask("POST", path, { token: await tokenFor("helpdesk") });

    expect(answer).toMatchObject({ status: 202, json: { state: "releasing" } });
    expect((await mac.idle()).command?.requestType).toBe("DeviceConfigured");
    expect((await ask("POST", path)).status).toBe(202);
    await mac.converse();
    expect((await ask("POST", path)).status).toBe(409);
  });

  test("is let go once more when it says that it waits still", async () => {
    const phone = await heldDevice("iphone");
    await goThrough(phone);

    phone.awaitingConfiguration = true;
    await phone.tokenUpdate();

    expect(await goThrough(phone)).toEqual(["DeviceConfigured"]);
    expect(await setupOf(phone)).toMatchObject({ state: "released" });
  });

  test("is not held up by a command that it does not take: it is told again, and somebody hears of it", async () => {
    const phone = await heldDevice("iphone", {
      policy: (command, channel) =>
        command.requestType === "DeviceConfigured"
          ? failed(12067, "Not now, thank you.")
          : plausibleAnswer(command, channel),
    });

    const commands: string[] = [];
    for (let times = 0; times < 4; times += 1) {
      commands.push(...(await goThrough(phone)));
      await timePasses(phone, 60_000);
    }

    expect(commands).toEqual(["DeviceConfigured", "DeviceConfigured", "DeviceConfigured"]);
    expect(await setupOf(phone)).toMatchObject({ state: "stuck" });
    expect(await told(phone, "setup.stuck")).toMatchObject([{ attempts: 3 }]);
  });

  test("has no more to wait for once it has left Setup Assistant by itself", async () => {
    await setUpWith({ setup_recovery_lock: true });
    const mac = await heldDevice("mac");
    await look(mac);

    mac.awaitingConfiguration = false;
    await mac.tokenUpdate();

    expect(await setupOf(mac)).toMatchObject({ state: "released", released_by: "device" });
    expect(await goThrough(mac)).toEqual(["SetRecoveryLock"]);
  });

  test("has no set-up any more when an administrator ended its enrollment", async () => {
    await setUpWith({ setup_recovery_lock: true });
    const mac = await heldDevice("mac");
    await look(mac);
    expect(await setupOf(mac)).toMatchObject({ state: "running" });

    await objectOf(mac).endEnrollment("test");
    await mac.idle();

    expect((await ask("GET", `/api/v1/devices/${mac.id}`)).json.state).toBe("unenrolled");
    expect(await objectOf(mac).describeSetup("")).toBeUndefined();
  });
});

describe("a device that does not await configuration", () => {
  test("has no set-up", async () => {
    const phone = newDevice("iphone");
    await phone.enroll(await invite());

    expect((await ask("GET", `/api/v1/devices/${phone.id}/setup`)).status).toBe(404);
    expect((await ask("POST", `/api/v1/devices/${phone.id}/setup/release`)).status).toBe(404);
    expect(await objectOf(phone).describeSetup("")).toBeUndefined();
    expect(await env.DEVICE.getByName("nobody").describeSetup("")).toBeUndefined();
  });
});
