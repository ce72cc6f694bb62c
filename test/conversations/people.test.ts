import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { listTables } from "../../src/db/backup.ts";
import { grantByWeb } from "../../src/enrollment/account/grants.ts";
import { rememberPerson } from "../../src/people/remember-person.ts";
import { openSession, personOfSession } from "../../src/sign-in/sessions.ts";
import { ask, tokenFor } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { libraryProfile, putSet, settle } from "../support/assignment.ts";
import { enrolledDevice, invite } from "../support/fleet.ts";
import { prepare } from "../support/provisioned.ts";
import { forgetProviders, signedInDevice, withProvider } from "../support/setup-sign-in.ts";

// Whom devices belong to: from sign-ins and from administrators, and what follows for the devices.

beforeEach(async () => {
  await prepare();
  await forgetProviders();
  await env.DB.prepare("DELETE FROM people").run();
});

const people = "/api/v1/people";

const add = async (person: Record<string, string>): Promise<string> => {
  const answer = await ask("POST", people, { json: person });
  expect(answer.status, answer.text).toBe(201);
  return answer.json.id;
};

const belongTo = async (device: { id: string }, person_id: string | null) => {
  const answer = await ask("PATCH", `/api/v1/devices/${device.id}`, { json: { person_id } });
  expect(answer.status, answer.text).toBe(200);
};

const ssidOf = (device: AppleDevice, identifier: string) =>
  device.profiles.get(identifier)?.payloads[0]?.get("SSID_STR");

/** The server does what is to be done, the device fetches it, and the server hears of that. */
async function follow(device: AppleDevice): Promise<void> {
  await settle(device);
  await device.converse();
  await settle(device);
}

const setsOf = async (device: { id: string }): Promise<string[]> => {
  const { results } = await env.DB.prepare("SELECT set_name FROM channel_sets WHERE device_id = ? ORDER BY 1")
    .bind(device.id)
    .all<{ set_name: string }>();
  return results.map(({ set_name }) => set_name);
};

describe("a person who signs in on a device", () => {
  test("is known from then on, with what the provider tells, and the device is the person's", async () => {
    const fake = await withProvider();
    fake.account = { sub: "u-1", email: "anna@example.com", name: "Anna Arendt", department: "Sales" };

    const ipad = await signedInDevice(fake, "ipad");
    await settle(ipad);

    const [anna, ...others] = (await ask("GET", `${people}?email=Anna@example.com`)).json.items;
    expect(others).toEqual([]);
    expect(anna).toMatchObject({
      account: "anna@example.com",
      email: "anna@example.com",
      name: "Anna Arendt",
      department: "Sales",
    });
    const devices = (await ask("GET", `${people}/${anna.id}/devices`)).json.items;
    expect(devices).toMatchObject([{ id: ipad.id, person_id: anna.id }]);
  });

  test("is the one that an administrator wrote down before, by address", async () => {
    const fake = await withProvider();
    fake.account = { sub: "u-2", email: "bo@example.com" };
    const id = await add({ email: "Bo@example.com", name: "Bo", department: "Lab" });

    const ipad = await signedInDevice(fake, "ipad");
    await settle(ipad);

    expect((await ask("GET", `${people}/${id}`)).json).toMatchObject({
      account: "bo@example.com",
      name: "Bo",
      department: "Lab",
    });
    expect((await ask("GET", `/api/v1/devices/${ipad.id}`)).json.person_id).toBe(id);
  });
});

describe("what is known of a person", () => {
  test("fills in a profile, and again when it changes", async () => {
    await libraryProfile("com.example.mail", { ssid: "{{user.email}} of {{user.department}}" });
    await putSet("mail", { profiles: ["com.example.mail"], filter: { user_department: "sales" } });
    const id = await add({ email: "cleo@example.com", department: "Sales" });
    const phone = await enrolledDevice("iphone");
    await settle(phone);

    await belongTo(phone, id);
    await follow(phone);
    expect(ssidOf(phone, "com.example.mail")).toBe("cleo@example.com of Sales");

    await ask("PATCH", `${people}/${id}`, { json: { email: "cleo.c@example.com" } });
    await follow(phone);
    expect(ssidOf(phone, "com.example.mail")).toBe("cleo.c@example.com of Sales");
  });

  test("moves a device from one set to another when the department changes", async () => {
    await putSet("the lab", { filter: { user_department: "Lab" } });
    await putSet("the office", { filter: { user_department: "Office" } });
    const id = await add({ email: "dan@example.com", department: "Lab" });
    const [phone, other] = [await enrolledDevice("iphone"), await enrolledDevice("iphone")];
    await settle(phone, other);
    await belongTo(phone, id);
    await settle(phone, other);
    expect(await setsOf(phone)).toEqual(["the lab"]);

    await ask("PATCH", `${people}/${id}`, { json: { department: "office" } });
    await settle(phone, other);

    expect(await setsOf(phone)).toEqual(["the office"]);
    expect(await setsOf(other)).toEqual([]);
  });

  test("is erased: sets, variables and the link of the devices end, and no table has a word of the person", async () => {
    await putSet("archive", { filter: { user_department: "Archive" } });
    const id = await add({ email: "eve@example.com", name: "Eve", department: "Archive" });
    const phone = await enrolledDevice("iphone");
    await settle(phone);
    await belongTo(phone, id);
    await settle(phone);
    expect(await setsOf(phone)).toEqual(["archive"]);

    expect((await ask("DELETE", `${people}/${id}`)).status).toBe(204);
    await settle(phone);

    expect(await setsOf(phone)).toEqual([]);
    expect((await ask("GET", `/api/v1/devices/${phone.id}`)).json.person_id).toBeNull();
    expect((await ask("GET", `${people}/${id}`)).status).toBe(404);
    expect((await ask("GET", "/api/v1/audit?limit=5")).text).toContain(`people/${id}`);
    const tables = await listTables(env.DB);
    const rows = await Promise.all(
      tables.map(async (name) => (await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results),
    );
    expect(JSON.stringify(rows)).not.toMatch(/eve@example|"Eve"/);
  });
});

describe("a search for people", () => {
  const found = async (query: string): Promise<string[]> =>
    (await ask("GET", `${people}?${query}`)).json.items.map(({ name }: { name: string }) => name);

  test("finds a part of the name, the address or the account, in whatever case", async () => {
    await add({ name: "Ada Lovelace", email: "ada@example.com", department: "Lab" });
    await add({ name: "Ben Berg", account: "lovebirds@appleid.example.com", department: "Sales" });
    await add({ name: "Chloé", email: "chloe@example.org" });

    expect(await found("search=LOVE")).toEqual(["Ada Lovelace", "Ben Berg"]);
    expect(await found("search=example.org")).toEqual(["Chloé"]);
    expect(await found("search=love&department=sales")).toEqual(["Ben Berg"]);
    expect(await found("search=love&email=ada@example.com")).toEqual(["Ada Lovelace"]);
    expect(await found("search=%25")).toEqual([]);
  });

  test("among more people than one page looks at goes on behind them, and is not without end", async () => {
    const many = Array.from(
      { length: 2_050 },
      (_, at) => `('p${at}', 'Person ${String(at).padStart(4, "0")}', 0, 0)`,
    );
    await env.DB.prepare(
      `INSERT INTO people (id, name, created_at, updated_at) VALUES ${many.join(", ")}`,
    ).run();
    await add({ name: "Zoe", email: "zoe@example.com" });

    const first = (await ask("GET", `${people}?search=zoe`)).json;
    expect(first.items).toEqual([]);
    const second = (await ask("GET", `${people}?search=zoe&cursor=${first.next_cursor}`)).json;
    expect(second.items).toMatchObject([{ name: "Zoe" }]);
    expect(second.next_cursor).toBeNull();
  });
});

describe("a person who was given to an earlier enrollment", () => {
  test("is held back from a device that only says that it is the same", async () => {
    await putSet("held", { filter: { user_department: "Held" } });
    const id = await add({ email: "ida@example.com", department: "Held" });
    const phone = await enrolledDevice("iphone");
    await settle(phone);
    await belongTo(phone, id);
    await settle(phone);
    expect(await setsOf(phone)).toEqual(["held"]);

    await phone.checkOut();
    await phone.enroll({ ...(await invite()), freshKey: true });
    await settle(phone);

    const { held_back, person_id } = (await ask("GET", `/api/v1/devices/${phone.id}`)).json;
    expect({ held_back, person_id }).toEqual({ held_back: true, person_id: id });
    expect(await setsOf(phone)).toEqual([]);

    await ask("PATCH", `/api/v1/devices/${phone.id}`, { json: { held_back: false } });
    await settle(phone);
    expect(await setsOf(phone)).toEqual(["held"]);
  });
});

describe("a sign-in", () => {
  const joy = {
    ...{ by: "oidc" as const, issuer: "https://id.example.com", subject: "u-9", account: "joy@example.com" },
    ...{ name: "Joy", email: "joy@example.com", department: "Sales" },
  };

  test("tells again what has changed, and leaves as it was what it does not tell", async () => {
    await rememberPerson(env, joy, Date.now());
    await rememberPerson(env, { ...joy, department: null, name: "Joy B." }, Date.now());

    expect((await ask("GET", people)).json.items).toMatchObject([
      { account: "joy@example.com", email: "joy@example.com", name: "Joy B.", department: "Sales" },
    ]);
  });

  test("is of the person with the account, and of no other with this address", async () => {
    const other = await add({ account: "jo@example.com", email: "joy@example.com", name: "Jo" });

    await rememberPerson(env, joy, Date.now());

    const items = (await ask("GET", people)).json.items;
    expect(items).toMatchObject([
      { id: other, account: "jo@example.com", email: "joy@example.com", name: "Jo" },
      { account: "joy@example.com", email: null, name: "Joy", department: "Sales" },
    ]);
  });

  test("leaves nothing of a person who is erased: no session, and no name", async () => {
    const now = Date.now();
    await rememberPerson(env, joy, now);
    const { account, issuer, subject, name } = joy;
    await grantByWeb(env, { account, issuer, subject, name }, undefined, now);
    const session = await openSession(env, joy, { idToken: undefined, hours: 8 }, now);
    const [{ id }] = (await ask("GET", people)).json.items;

    await ask("DELETE", `${people}/${id}`);

    expect(await personOfSession(env, session.secret, now)).toBeUndefined();
    const { results } = await env.DB.prepare("SELECT person FROM account_grants").all();
    expect(JSON.stringify(results)).not.toContain("Joy");
  });
});

describe("people", () => {
  test("have an account or an address that no other person has", async () => {
    await add({ email: "fay@example.com" });

    const twin = await ask("POST", people, { json: { email: "FAY@example.com" } });
    expect(twin.status).toBe(409);
    expect(twin.json.detail).toBe("another person has this email");
    expect((await ask("POST", people, { json: { name: "Nobody" } })).status).toBe(400);
    const other = await add({ account: "fay.two@example.com" });
    const stolen = await ask("PATCH", `${people}/${other}`, { json: { email: "fay@example.com" } });
    expect(stolen.status).toBe(409);
    expect((await ask("PATCH", `${people}/${other}`, { json: { account: null } })).status).toBe(400);
    expect((await ask("PATCH", `${people}/nobody`, { json: { name: "x" } })).status).toBe(404);
  });

  test("are no business of a viewer, neither in their list nor by a filter", async () => {
    const id = await add({ email: "gus@example.com", department: "Sales" });
    const token = await tokenFor("viewer");

    expect((await ask("GET", people, { token })).status).toBe(403);
    expect((await ask("GET", `${people}/${id}`, { token })).status).toBe(403);
    expect((await ask("GET", "/api/v1/devices?user_email=gus@example.com", { token })).status).toBe(403);
    expect((await ask("GET", "/api/v1/devices?user_department=Sales", { token })).status).toBe(403);
    await libraryProfile("com.example.preview", { ssid: "{{user.email}}" });
    const phone = await enrolledDevice("iphone");
    await settle(phone);
    await belongTo(phone, id);
    const preview = `/api/v1/profiles/com.example.preview/preview?device=${phone.id}`;
    expect((await ask("GET", preview, { token })).status).toBe(403);
    expect((await ask("GET", preview)).text).toContain("gus@example.com");
    const helpdesk = await tokenFor("helpdesk");
    expect((await ask("GET", `${people}/${id}`, { token: helpdesk })).status).toBe(200);
    expect((await ask("DELETE", `${people}/${id}`, { token: await tokenFor("operator") })).status).toBe(403);
  });

  test("are listed by name and by department, page after page", async () => {
    for (const name of ["Cy", "Al", "Bea"])
      await add({ email: `${name}@example.com`, name, department: "Choir" });

    const first = (await ask("GET", `${people}?department=choir&limit=2`)).json;
    const second = (await ask("GET", `${people}?department=choir&limit=2&cursor=${first.next_cursor}`)).json;

    const names = [...first.items, ...second.items].map(({ name }: { name: string }) => name);
    expect(names).toEqual(["Al", "Bea", "Cy"]);
    expect(second.next_cursor).toBeNull();
  });
});
