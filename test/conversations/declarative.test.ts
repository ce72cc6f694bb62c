import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { type AppleDevice, declarationsOf, reportStatus, type UserChannel } from "../support/apple-device.ts";
import { giveSets, putSet, settle } from "../support/assignment.ts";
import {
  activation,
  type Declared,
  declare,
  declareNothingElse,
  deviceOf,
  echo,
  kept,
  library,
  organization,
  passcode,
  statesOf,
  synchronised,
  userOf,
} from "../support/declarative.ts";
import { alarmOf, enrolledDevice, invite, objectOf } from "../support/fleet.ts";

beforeAll(async () => {
  await invite();
  await declareNothingElse();
});

type Channel = AppleDevice | UserChannel;

const sql = <Row>(device: { id: string }, query: string, ...values: SqlStorageValue[]): Promise<Row[]> =>
  runInDurableObject(
    objectOf(device),
    (_, { storage }) => storage.sql.exec(query, ...values).toArray() as Row[],
  );

const waiting = async (channel: Channel): Promise<number> => {
  const query = "SELECT 1 FROM queue WHERE request_type = 'DeclarativeManagement' AND user_id = ?";
  return (await sql(deviceOf(channel), query, userOf(channel))).length;
};

const items = async (channel: Channel) => {
  const { json } = await channel.declarativeManagement("declaration-items");
  return json as { DeclarationsToken: string; Declarations: { [kind: string]: { ServerToken: string }[] } };
};

const contentOf = ({ type, payload }: Declared) => ({ type, payload });

const answered = async (channel: Channel, endpoint: string): Promise<number> =>
  (await channel.declarativeManagement(endpoint, undefined, { attempts: 1 })).status;

describe("a device synchronises", () => {
  test("it is told by one command, fetches what it should have, and reports", async () => {
    const phone = await enrolledDevice("iphone");
    await declare(phone, [organization("org", "Acme"), passcode("pass", 6), activation("act", ["pass"])]);
    expect(await statesOf(phone)).toEqual({ act: "pending", org: "pending", pass: "pending" });

    expect(await synchronised(phone)).toEqual(["DeclarativeManagement"]);

    expect(kept(phone)).toEqual(["act", "org", "pass"]);
    expect(await statesOf(phone)).toEqual({ act: "active", org: "active", pass: "active" });
    expect(await synchronised(phone)).toEqual([]);
  });

  test("five edits make one command, with the newest token in it; only what changed is fetched", async () => {
    const phone = await enrolledDevice("iphone");
    await declare(phone, [echo("edited", "0"), echo("as-it-was"), activation("a", ["edited", "as-it-was"])]);
    await synchronised(phone);

    for (let edit = 1; edit <= 5; edit += 1) {
      await library(echo("edited", String(edit)));
      await settle(phone);
      expect(await waiting(phone)).toBe(1);
    }
    const asked: string[] = [];
    const talk = phone.declarativeManagement.bind(phone);
    phone.declarativeManagement = (endpoint, ...more) => {
      asked.push(endpoint);
      return talk(endpoint, ...more);
    };
    expect(await synchronised(phone)).toEqual(["DeclarativeManagement"]);

    expect(asked).toEqual(["declaration-items", "declaration/configuration/edited", "status"]);
    expect(declarationsOf(phone).kept.get("edited")?.Payload).toEqual({ Echo: "5" });
  });

  test("what is put back before the device came is no change, and a quiet change does not send for it", async () => {
    const phone = await enrolledDevice("iphone");
    await declare(phone, [echo("quiet", "0"), activation("of quiet", ["quiet"])]);
    await synchronised(phone);
    const { DeclarationsToken: before } = await items(phone);

    await ask("PUT", "/api/v1/declarations/quiet?notify=false", { json: contentOf(echo("quiet", "1")) });
    await settle(phone);

    expect(await waiting(phone)).toBe(0);
    expect((await items(phone)).DeclarationsToken).not.toBe(before);
    await ask("PUT", "/api/v1/declarations/quiet?notify=false", { json: contentOf(echo("quiet", "0")) });
    await settle(phone);
    expect((await items(phone)).DeclarationsToken).toBe(before);
    expect(before.length).toBeLessThanOrEqual(256);
  });

  test("the time of a token moves with the token alone, and never backwards", async () => {
    const phone = await enrolledDevice("iphone");
    const timeOf = async () => {
      const { json } = await phone.declarativeManagement("tokens");
      const { SyncTokens } = json as { SyncTokens: { DeclarationsToken: string; Timestamp: string } };
      expect(SyncTokens.Timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      return Date.parse(SyncTokens.Timestamp);
    };
    await declare(phone, [organization("timed", "one")]);
    const first = await timeOf();

    await library(organization("timed", "two"));
    await settle(phone);

    const second = await timeOf();
    expect(second).toBeGreaterThan(first);
    expect(await timeOf()).toBe(second);
  });

  test("a channel of which nothing is declared has the empty set", async () => {
    const phone = await enrolledDevice("iphone");

    expect(await items(phone)).toEqual({
      Declarations: { Activations: [], Assets: [], Configurations: [], Management: [] },
      DeclarationsToken: expect.any(String),
    });
    expect(await waiting(phone)).toBe(0);
  });

  test("while it fetches, it is given the versions of its manifest, whatever changes meanwhile", async () => {
    const phone = await enrolledDevice("iphone");
    await declare(phone, [echo("moving", "old"), echo("leaving"), activation("m", ["moving", "leaving"])]);
    const { Declarations: before } = await items(phone);

    await library(echo("moving", "new"));
    await putSet(`of ${phone.id}`, { declarations: ["moving"] });
    await settle(phone);
    const during = await phone.declarativeManagement("declaration/configuration/moving");
    const leaving = await answered(phone, "declaration/configuration/leaving");

    expect(before.Configurations).toContainEqual({
      Identifier: "moving",
      ServerToken: (during.json as { ServerToken: string }).ServerToken,
    });
    expect(leaving).toBe(200);
    await items(phone);
    const after = await phone.declarativeManagement("declaration/configuration/moving");
    expect(after.json).toMatchObject({ Payload: { Echo: "new" } });
    expect(await answered(phone, "declaration/configuration/leaving")).toBe(404);
  });

  test("only what is this channel's is found: slashes are part of a name, and so may be percent signs", async () => {
    const [phone, other] = [await enrolledDevice("iphone"), await enrolledDevice("iphone")];
    const name = "com.example/a b/%41";
    await declare(phone, [echo(name), activation("act/1", [name])]);

    await synchronised(phone);

    expect(kept(phone)).toEqual(["act/1", name]);
    const path = `declaration/configuration/${name}`;
    expect(await answered(phone, `declaration/configuration/${encodeURIComponent(name)}`)).toBe(200);
    expect(await answered(phone, `declaration/asset/${name}`)).toBe(404);
    expect(await answered(phone, "declaration/configuration/")).toBe(404);
    expect(await answered(phone, "declaration")).toBe(404);
    expect(await answered(other, path)).toBe(404);
    expect(await answered(phone, "no-such-endpoint")).toBe(400);
    expect((await phone.declarativeManagement(path)).headers.get("content-type")).toBe("application/json");
  });

  test("what is taken away goes, and taking all away leaves the empty set", async () => {
    const phone = await enrolledDevice("iphone");
    await declare(phone, [echo("first"), echo("second"), activation("both", ["first", "second"])]);
    await synchronised(phone);

    await putSet(`of ${phone.id}`, { declarations: [] });
    await settle(phone);
    await synchronised(phone);

    expect(kept(phone)).toEqual([]);
    expect(await statesOf(phone)).toEqual({});
  });

  test("user channels have sets of their own", async () => {
    const mac = await enrolledDevice("mac");
    const [user] = mac.users;
    if (user === undefined) throw new Error("the Mac has no managed user");
    await declare(mac, [echo("for the Mac"), activation("of the Mac", ["for the Mac"])]);
    await synchronised(mac);

    await declare(user, [echo("for the user"), activation("of the user", ["for the user"])]);
    expect(await waiting(mac)).toBe(0);
    expect(await synchronised(user)).toEqual(["DeclarativeManagement"]);

    expect(kept(mac)).toEqual(["for the Mac", "of the Mac"]);
    expect(kept(user)).toEqual(["for the user", "of the user"]);
    expect(await answered(user, "declaration/configuration/for the Mac")).toBe(404);
    expect(await statesOf(user)).toEqual({ "for the user": "active", "of the user": "active" });
  });

  test("a system that is too old is not told, until it is updated", async () => {
    const phone = await enrolledDevice("oldIphone");
    await sql(phone, `UPDATE device SET facts = json_set(facts, '$.OSVersion', '14.8')`);
    await evictDurableObject(objectOf(phone));
    await declare(phone, [organization("for later", "Acme")]);
    expect(await waiting(phone)).toBe(0);

    await sql(phone, `UPDATE device SET facts = json_set(facts, '$.OSVersion', '16.7')`);
    await evictDurableObject(objectOf(phone));
    await objectOf(phone).describe();
    await alarmOf(phone);

    expect(await waiting(phone)).toBe(1);
  });
});

describe("a device that is behind", () => {
  const forgetful = async () => {
    const phone = await enrolledDevice("iphone");
    await declare(phone, [echo("needed"), activation("needs", ["needed"])]);
    return phone;
  };

  test("acknowledges and does not come: it is notified again at growing intervals, and then no more", async () => {
    const phone = await forgetful();
    let told = 0;

    for (; told < 20 && (await waiting(phone)) > 0; told += 1) {
      await phone.converse(() => ({ status: "Acknowledged" }));
      expect(await waiting(phone)).toBe(0);
      // As if it were the time that it is set to.
      await alarmOf(phone);
    }

    expect(told).toBeGreaterThan(3);
    expect(told).toBeLessThan(10);
    await library(echo("needed", "something else"));
    await settle(phone);
    expect(await waiting(phone)).toBe(1);
  });

  test("lost declarations without saying so: its report shows it, and it fetches them once more", async () => {
    const phone = await forgetful();
    await synchronised(phone);
    declarationsOf(phone).kept.delete("needed");

    await reportStatus(phone, phone, { full: true });
    await alarmOf(phone);
    expect(await statesOf(phone)).toEqual({ needed: "unknown_to_device", needs: "invalid" });
    expect(await waiting(phone)).toBe(0);
    await alarmOf(phone);
    expect(await synchronised(phone)).toEqual(["DeclarativeManagement"]);

    expect(kept(phone)).toEqual(["needed", "needs"]);
    expect(await statesOf(phone)).toEqual({ needed: "active", needs: "active" });
  });

  test("still has an older version of what it fetched: it is stale", async () => {
    const phone = await forgetful();
    await synchronised(phone);
    const declaration = declarationsOf(phone).kept.get("needed");
    if (declaration) declaration.ServerToken = "another one";

    await reportStatus(phone, phone);
    await alarmOf(phone);

    expect((await statesOf(phone)).needed).toBe("stale");
  });

  test("comes back after a month, to one command and the newest set", async () => {
    const phone = await forgetful();
    await synchronised(phone);
    for (const text of ["one", "two", "three"]) {
      await library(echo("needed", text));
      await settle(phone);
    }
    await sql(phone, "UPDATE queue SET queued_at = queued_at - 2592000000");

    expect(await synchronised(phone)).toEqual(["DeclarativeManagement"]);
    expect(declarationsOf(phone).kept.get("needed")?.Payload).toEqual({ Echo: "three" });
  });

  test("was put off while it changed again: one command, with the newest token", async () => {
    const phone = await forgetful();
    await phone.converse(() => ({ status: "NotNow" }));

    await library(echo("needed", "meanwhile"));
    await settle(phone);

    expect(await waiting(phone)).toBe(1);
    await synchronised(phone);
    expect(declarationsOf(phone).kept.get("needed")?.Payload).toEqual({ Echo: "meanwhile" });
  });

  test("has the command while it changes again: it is told once more", async () => {
    const phone = await forgetful();
    const { command } = await phone.idle();

    await library(echo("needed", "since"));
    await settle(phone);

    expect(await waiting(phone)).toBe(2);
    await phone.acknowledge(command?.uuid ?? "");
    await synchronised(phone);
    expect(declarationsOf(phone).kept.get("needed")?.Payload).toEqual({ Echo: "since" });
  });

  test("has exactly what it should, though nobody saw it fetch that: it is left in peace", async () => {
    const phone = await forgetful();
    await synchronised(phone);
    // As after a restore: the same set has the same token, and the device sees no reason to fetch it.
    const acknowledged = "fetched_token = NULL, fetched_at = NULL, nudges = 1, nudge_at = ?";
    await sql(phone, `UPDATE declarative SET ${acknowledged}`, Date.now() + 600_000);
    await sql(phone, "UPDATE declarations SET fetched = 0");

    await reportStatus(phone, phone, { full: true });
    await alarmOf(phone);
    await alarmOf(phone);

    expect(await waiting(phone)).toBe(0);
    expect(await statesOf(phone)).toEqual({ needed: "active", needs: "active" });
  });

  test("enrolled again: it is notified again, and what it reported before is forgotten", async () => {
    const phone = await forgetful();
    await synchronised(phone);

    await phone.removeManagement("the user removed it");
    await phone.enroll(await invite({ udid: phone.id }));
    await settle(phone);

    expect(kept(phone)).toEqual([]);
    expect(await statesOf(phone)).toEqual({ needed: "pending", needs: "pending" });
    await synchronised(phone);
    expect(await statesOf(phone)).toEqual({ needed: "active", needs: "active" });
  });
});

describe("whatever happens", () => {
  type Step =
    | { does: "edit"; declaration: number; text: number }
    | { does: "assign"; device: number; declarations: number[] }
    | { does: "sync"; device: number }
    | { does: "lose"; device: number }
    | { does: "reenroll"; device: number };

  const three = fc.nat({ max: 2 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      does: fc.constant("edit" as const),
      declaration: fc.nat({ max: 4 }),
      text: fc.nat({ max: 3 }),
    }),
    fc.record({
      does: fc.constant("assign" as const),
      device: three,
      declarations: fc.uniqueArray(fc.nat({ max: 4 })),
    }),
    fc.record({ does: fc.constant("sync" as const), device: three }),
    fc.record({ does: fc.constant("lose" as const), device: three }),
    fc.record({ does: fc.constant("reenroll" as const), device: three }),
  );
  const nameOf = (declaration: number) => `random.${declaration}`;

  test("a device that synchronises ends with exactly what it was given, and the API says so", async () => {
    const fleet = [
      await enrolledDevice("iphone"),
      await enrolledDevice("ipad"),
      await enrolledDevice("appleTv"),
    ];
    const texts = [0, 0, 0, 0, 0];
    for (const declaration of texts.keys()) await library(organization(nameOf(declaration), "0"));
    const given: number[][] = [[], [], []];
    await settle(...fleet);
    for (const [at, device] of fleet.entries()) {
      await putSet(`random ${at}`, { declarations: [] });
      await giveSets(device, [`random ${at}`]);
    }

    const take = async (one: Step) => {
      if (one.does === "edit") {
        texts[one.declaration] = one.text;
        return library(organization(nameOf(one.declaration), String(one.text)));
      }
      const device = fleet[one.device];
      if (device === undefined) return;
      if (one.does === "assign") {
        given[one.device] = one.declarations;
        await putSet(`random ${one.device}`, { declarations: one.declarations.map(nameOf) });
      }
      if (one.does === "sync") {
        await settle(device);
        await synchronised(device);
      }
      if (one.does === "lose") declarationsOf(device).kept.clear();
      if (one.does === "reenroll") {
        await device.removeManagement("the user removed it");
        await device.enroll(await invite({ udid: device.id }));
      }
    };

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        for (const one of steps) await take(one);
        await settle(...fleet);
        for (const [at, device] of fleet.entries()) {
          await synchronised(device);
          // What it lost it tells once a day; then it is sent for.
          await reportStatus(device, device, { full: true });
          await alarmOf(device);
          await sql(device, "UPDATE declarative SET resync_at = 1 WHERE resync_at IS NOT NULL");
          await alarmOf(device);
          await synchronised(device);

          const expected = (given[at] ?? []).map((declaration) => [
            nameOf(declaration),
            String(texts[declaration]),
          ]);
          const has = [...declarationsOf(device).kept.values()];
          expect(has.map(({ Identifier, Payload }) => [Identifier, Payload.Name]).sort()).toEqual(
            expected.sort(),
          );
          const { json } = await ask("GET", `/api/v1/devices/${device.id}/declarations`);
          expect(
            json.items.map((item: { identifier: string; state: string }) => [item.identifier, item.state]),
          ).toEqual(expected.map(([name]) => [name, "active"]).sort());
          expect(json.unexpected).toEqual([]);
        }
      }),
      { numRuns: 5, seed: 18, endOnFailure: true },
    );
  });
});
