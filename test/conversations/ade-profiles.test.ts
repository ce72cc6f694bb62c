import { expect, test } from "vitest";
import { connected, deviceRows, settled, syncAgain } from "../support/ade.ts";
import { ask } from "../support/admin.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";

const profiles = "/api/v1/ade/profiles";
const put = (name: string, json: object) => ask("PUT", `${profiles}/${name}`, { json });

const give = (account: string, default_profile: string | null, rules: object[] = []) =>
  ask("PUT", `/api/v1/ade/accounts/${account}/rules`, { json: { rules, default_profile } });

test("a profile is defined at Apple with this server's address, and the default gives it to every device", async () => {
  const server = appleAtFetch().addServer();
  const devices = server.addDevices(3).map(({ serial_number }) => serial_number);
  const account = await connected(server);

  const saved = await put("staff", { profile_name: "Staff", is_supervised: true });
  await give(account, "staff");
  await settled(account);

  expect(saved.status, saved.text).toBe(201);
  const [{ profile_uuid: uuid }] = saved.json.accounts;
  expect(server.profiles.get(uuid)).toMatchObject({ url: "https://mdm.example.com/enroll/ade" });
  expect(devices.map((serial) => server.device(serial).profile_uuid)).toEqual([uuid, uuid, uuid]);
  expect((await ask("GET", `${profiles}/staff`)).json).toMatchObject({ version: 1, devices: 3 });
  const listed = await ask("GET", `/api/v1/ade/devices?account=${account}`);
  expect(listed.json.items[0]).toMatchObject({
    profile: "staff",
    profile_status: "assigned",
    assignment: { outcome: "SUCCESS" },
    device_id: null,
  });
});

test("a changed profile is another one at Apple, and every device that had the old one is given it", async () => {
  const server = appleAtFetch().addServer();
  const [serial] = server.addDevices(1).map(({ serial_number }) => serial_number) as [string];
  const account = await connected(server);
  await put("kiosk", { profile_name: "Kiosk" });
  await give(account, "kiosk");
  await settled(account);
  const old = server.device(serial).profile_uuid;

  const same = await put("kiosk", { profile_name: "Kiosk" });
  const changed = await put("kiosk", { profile_name: "Kiosk", department: "Shops" });
  await settled(account);

  expect(same.json).toMatchObject({ outcome: "unchanged", version: 1, devices: 0 });
  expect(changed.json).toMatchObject({ outcome: "changed", version: 2, devices: 1 });
  expect(server.device(serial).profile_uuid).not.toBe(old);
  expect(server.device(serial).profile_uuid).toBe(changed.json.accounts.at(-1).profile_uuid);
  const versions = await ask("GET", `${profiles}/kiosk/versions`);
  expect(versions.json.items.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
});

test("everything that is wrong with a profile is told at once in Apple's codes, before Apple is asked", async () => {
  const apple = appleAtFetch();
  await connected(apple.addServer());

  const answer = await put("bad", {
    profile_name: "",
    url: "http://",
    department: "x".repeat(126),
    is_mdm_removable: false,
    language: "xx",
    org_magic: "x".repeat(257),
    support_email_address: "nobody",
    support_phone_number: "1".repeat(51),
  });

  expect(answer.status).toBe(400);
  expect(answer.json.errors.map(({ code }: { code: string }) => code).toSorted()).toEqual([
    "CONFIG_NAME_INVALID",
    "CONFIG_URL_INVALID",
    "DEPARTMENT_INVALID",
    "FLAGS_INVALID",
    "LOCALE_INVALID",
    "MAGIC_INVALID",
    "SUPPORT_EMAIL_INVALID",
    "SUPPORT_PHONE_INVALID",
  ]);
  expect(apple.count("/profile")).toBe(0);
  expect((await put("bad", {})).json.errors).toEqual([
    expect.objectContaining({ code: "CONFIG_NAME_REQUIRED", pointer: "/profile_name" }),
  ]);
});

test.each([
  ["CONFIG_NAME_INVALID", "/profile_name"],
  ["CONFIG_NAME_REQUIRED", "/profile_name"],
  ["CONFIG_URL_INVALID", "/url"],
  ["CONFIG_URL_REQUIRED", "/url"],
  ["DEPARTMENT_INVALID", "/department"],
  ["FLAGS_INVALID", "/is_mdm_removable"],
  ["LOCALE_INVALID", "/language"],
  ["MAGIC_INVALID", "/org_magic"],
  ["SUPPORT_EMAIL_INVALID", "/support_email_address"],
  ["SUPPORT_PHONE_INVALID", "/support_phone_number"],
  ["USER_AGENT_INVALID", ""],
  ["USER_AGENT_MISSING", ""],
])("%s from Apple itself is the same answer, and nothing is kept", async (code, pointer) => {
  const apple = appleAtFetch();
  await connected(apple.addServer());
  apple.answerNext("/profile", () => new Response(code, { status: 400 }));

  const answer = await put(`refused-${code.toLowerCase().replaceAll("_", "-")}`, { profile_name: "Fine" });

  expect(answer.status, answer.text).toBe(400);
  expect(answer.json.errors).toContainEqual(expect.objectContaining({ code, pointer }));
  expect((await ask("GET", `${profiles}/refused-${code.toLowerCase().replaceAll("_", "-")}`)).status).toBe(
    404,
  );
});

test("while terms wait to be accepted a profile is kept, and defined at Apple when somebody has", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const account = await connected(server);
  const [serial] = server.addDevices(1).map(({ serial_number }) => serial_number) as [string];
  apple.knobs.termsNotSigned = true;

  const saved = await put("later", { profile_name: "Later" });
  await give(account, "later");
  const mine = saved.json.accounts.find((one: { account: string }) => one.account === account);
  const blocked = await ask("GET", `/api/v1/ade/accounts/${account}`);
  apple.knobs.termsNotSigned = false;
  await syncAgain(account);

  expect(saved.status, saved.text).toBe(201);
  expect(mine).toMatchObject({ profile_uuid: null, trouble: { code: "T_C_NOT_SIGNED" } });
  expect(blocked.json).toMatchObject({ state: "terms-not-accepted", organization: { name: "Example GmbH" } });
  expect(blocked.json.trouble.remedy).toContain("accept the new terms");
  expect((await ask("GET", `/api/v1/ade/accounts/${account}`)).json).toMatchObject({
    state: "ok",
    trouble: null,
  });
  expect(server.profiles.get(server.device(serial).profile_uuid ?? "")).toMatchObject({
    profile_name: "Later",
  });
});

test("rules give profiles by family, model and serial number; the first that fits counts, and a hand before all", async () => {
  const server = appleAtFetch().addServer();
  const [mac, pad, phone, chosen] = [
    ...server.addDevices(1, { device_family: "Mac", model: "MacBook Pro" }),
    ...server.addDevices(1, { device_family: "iPad", model: "iPad Pro" }),
    ...server.addDevices(2, { device_family: "iPhone", model: "iPhone 17" }),
  ].map(({ serial_number }) => serial_number) as [string, string, string, string];
  const account = await connected(server);
  for (const name of ["macs", "pads", "special", "others", "hand"]) await put(name, { profile_name: name });

  const rules = [
    { profile: "special", serials: [pad.toLowerCase()] },
    { profile: "macs", families: ["mac"], models: ["MacBook Pro"] },
    { profile: "pads", families: ["iPad"] },
  ];
  const set = await give(account, "others", rules);
  const byHand = await ask("POST", "/api/v1/ade/devices/assign", {
    json: { serial_numbers: [chosen, "UNKNOWN1"], profile: "hand" },
  });
  await settled(account);

  expect(set.status, set.text).toBe(200);
  expect(byHand.json.items).toEqual([
    { serial_number: chosen, account, outcome: "SUCCESS" },
    { serial_number: "UNKNOWN1", account: null, outcome: "unknown-device" },
  ]);
  const told = (serial: string) =>
    server.profiles.get(server.device(serial).profile_uuid ?? "")?.profile_name;
  expect([mac, pad, phone, chosen].map(told)).toEqual(["macs", "special", "others", "hand"]);
  await ask("POST", "/api/v1/ade/devices/follow-rules", { json: { serial_numbers: [chosen] } });
  await settled(account);
  expect(told(chosen)).toBe("others");
  expect((await ask("DELETE", `${profiles}/others`)).status).toBe(409);
  expect((await give(account, "nowhere")).json.errors).toEqual([
    expect.objectContaining({ pointer: "/default_profile", code: "unknown-profile" }),
  ]);
});

test("what somebody changes in the portal is put right, once and not again and again", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const [serial] = server.addDevices(1).map(({ serial_number }) => serial_number) as [string];
  const account = await connected(server);
  await put("drift", { profile_name: "Drift" });
  await give(account, "drift");
  await settled(account);
  const wanted = server.device(serial).profile_uuid;
  const asked = () => apple.count("/profile/devices");
  const before = asked();

  server.change(serial, { profile_status: "removed", profile_uuid: undefined });
  await syncAgain(account);
  const [row] = await deviceRows(account);

  // It was assigned a moment ago: the second try waits, and stays one however often Apple is asked.
  expect(asked()).toBe(before);
  expect(row?.check_at).toBeGreaterThan(Date.now());
  await syncAgain(account);
  expect(asked()).toBe(before);

  await past(account);
  await syncAgain(account);
  expect(server.device(serial).profile_uuid).toBe(wanted);
  expect(asked()).toBe(before + 1);
  await syncAgain(account);
  expect(asked()).toBe(before + 1);
});

test("a device that Apple throttles waits as long as Apple says, one that fails waits ever longer, one that is gone waits for news", async () => {
  const server = appleAtFetch().addServer();
  const [throttled, failing, inaccessible] = server
    .addDevices(3)
    .map(({ serial_number }) => serial_number) as [string, string, string];
  const account = await connected(server);
  server.throttle(throttled, 7_200);
  server.fail(failing, 9);
  server.notAccessible(inaccessible);
  await put("hard", { profile_name: "Hard" });

  await give(account, "hard");
  await settled(account);

  const rows = new Map((await deviceRows(account)).map((row) => [row.serial, row]));
  const waits = (serial: string) => Math.round((Number(rows.get(serial)?.check_at) - Date.now()) / 60_000);
  expect(rows.get(throttled)).toMatchObject({ assign_outcome: "THROTTLED" });
  expect(waits(throttled)).toBe(120);
  expect(rows.get(failing)).toMatchObject({ assign_outcome: "FAILED", assign_tries: 1 });
  expect(waits(failing)).toBe(60);
  expect(rows.get(inaccessible)).toMatchObject({ assign_outcome: "NOT_ACCESSIBLE", check_at: null });
});

/** As if the devices of an account had been assigned long ago. */
async function past(account: string): Promise<void> {
  const { env } = await import("cloudflare:workers");
  await env.DB.prepare(
    "UPDATE ade_devices SET assigned_at = assigned_at - 7200000, check_at = iif(check_at IS NULL, NULL, 0) WHERE account = ?",
  )
    .bind(account)
    .run();
}
