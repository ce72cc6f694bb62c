import { beforeAll, describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { giveSets, putSet, settle } from "../support/assignment.ts";
import {
  activation,
  declareNothingElse,
  kept,
  library,
  passcode,
  statesOf,
  synchronised,
} from "../support/declarative.ts";
import { enrolledDevice, invite } from "../support/fleet.ts";
import { finish } from "../support/jobs.ts";

const [guide = ""] = Object.values(
  import.meta.glob<string>("../../docs/declarations.md", { query: "?raw", import: "default", eager: true }),
);

/** What looks right and does nothing is said, or is not done. */
beforeAll(async () => {
  await invite();
  await declareNothingElse();
});

const listedPhone = async () => {
  const phone = await enrolledDevice("iphone");
  await settle(phone);
  return phone;
};

/** The requests of the guide's first example under a heading, as a shell would send them. */
function typed(heading: string): { method: string; path: string; json: unknown }[] {
  const section = guide.split(`## ${heading}\n`)[1] ?? "";
  const block = /```sh\n(.*?)```/s.exec(section)?.[1] ?? "";
  const nextYear = String(new Date().getFullYear() + 1);
  return [...block.matchAll(/^api (\S+) -X (\w+) --json '(.*?)'\n(?=api)/gms)].map(
    ([, path, method, body]) => ({
      method: method as string,
      path: `/api/v1${path}`,
      json: JSON.parse((body as string).replace("'$(($(date +%Y) + 1))'", nextYear)),
    }),
  );
}

describe("a policy for software updates", () => {
  test("of the guide, as typed, reaches a Mac", async () => {
    const mac = await enrolledDevice("mac");
    await settle(mac);
    const requests = typed("Software updates");

    for (const { method, path, json } of requests) {
      const answer = await ask(method, path, { json });
      expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
    }
    await finish("software-updates");
    await settle(mac);
    await synchronised(mac);

    expect(requests).toHaveLength(3);
    const reached = kept(mac).filter((identifier) => identifier.startsWith("software-update."));
    expect(reached).toEqual(["software-update.december.macos", "software-update.december.macos.activation"]);
    expect((await ask("GET", "/api/v1/software-updates/policies/december")).json).toMatchObject({
      audience: "devices",
      warnings: [],
    });
  });
});

describe("a configuration that no activation names", () => {
  test("is warned of: in its set, and at the device that has the set", async () => {
    const phone = await listedPhone();
    await library(passcode("idle", 6));

    const saved = await putSet("idle", { declarations: ["idle"] });
    const given = await giveSets(phone, ["idle"]);
    const read = await ask("GET", `/api/v1/devices/${phone.id}/sets`);

    const warning = { code: "not-activated", detail: expect.stringContaining("the configuration idle") };
    expect(saved.warnings).toEqual([warning, { code: "nobody", detail: expect.any(String) }]);
    expect(given.warnings).toEqual([warning]);
    expect(read.json.warnings).toEqual([warning]);

    await library(activation("wakes-it", ["idle"]));
    await putSet("wakes-it", { declarations: ["wakes-it"] });
    expect((await giveSets(phone, ["idle", "wakes-it"])).warnings, "by another set of the device").toEqual(
      [],
    );
  });

  test("is activated by a set that says so, under its condition", async () => {
    const phone = await listedPhone();
    await library(passcode("willing", 6));
    const predicate = "TRUEPREDICATE";
    const members = { declarations: ["willing"] };
    const put = (more: object) => ask("PUT", "/api/v1/sets/acting", { json: { ...members, ...more } });
    await put({});
    await giveSets(phone, ["acting"]);

    const saved = await put({ activate: true, predicate });
    await settle(phone);
    await synchronised(phone);

    expect(saved.json).toMatchObject({
      activate: true,
      predicate,
      activation: "edgemdm.set.acting",
      warnings: [],
    });
    expect(await statesOf(phone)).toMatchObject({ "edgemdm.set.acting": "active", willing: "active" });
    const fetched = await phone.declarativeManagement("declaration/activation/edgemdm.set.acting");
    expect(fetched.json).toMatchObject({
      Payload: { StandardConfigurations: ["willing"], Predicate: predicate },
    });

    await put({});
    await settle(phone);
    await synchronised(phone);
    expect(kept(phone)).toContain("willing");
    expect(kept(phone)).not.toContain("edgemdm.set.acting");
  });

  test.each([
    [{ activate: true, predicate: "device is ==" }, "at character"],
    [{ predicate: "TRUEPREDICATE" }, 'needs "activate": true'],
  ])("%j is refused", async (json, detail) => {
    const answer = await ask("PUT", "/api/v1/sets/refused", { json });

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([
      { pointer: "/predicate", detail: expect.stringContaining(detail) },
    ]);
  });

  test("of a set with a name that fits into no identifier, too", async () => {
    const phone = await listedPhone();
    await library(passcode("named", 6));
    const name = `Büro ${"x".repeat(100)}`;
    const saved = await ask("PUT", `/api/v1/sets/${encodeURIComponent(name)}`, {
      json: { declarations: ["named"], activate: true },
    });
    await giveSets(phone, [name]);
    await settle(phone);
    await synchronised(phone);

    expect(saved.json.activation).toMatch(/^edgemdm\.set-[0-9a-f]{32}$/);
    expect(await statesOf(phone)).toMatchObject({ named: "active", [saved.json.activation]: "active" });
  });
});
