import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { enrolledDevice } from "../support/fleet.ts";

const eventsOf = async (device: { id: string }, name: string) => {
  const query = "SELECT detail FROM events WHERE device_id = ? AND name = ? ORDER BY seq";
  const { results } = await env.DB.prepare(query).bind(device.id, name).all<{ detail: string }>();
  return results.map(({ detail }) => JSON.parse(detail));
};

describe("what cannot be filled in", () => {
  test("stops that delivery, and says what is missing", async () => {
    const mac = await enrolledDevice("mac");
    await settle(mac);
    await libraryProfile("com.example.rooms", { ssid: "{{attribute.room}} {{attribute.floor}}" });
    await putSet("rooms", { profiles: ["com.example.rooms"] });
    await giveSets(mac, ["rooms"]);

    await settle(mac);
    await settle(mac);

    expect(await eventsOf(mac, "assignment.withheld")).toEqual([
      { kind: "profile", identifier: "com.example.rooms", missing: "attribute.floor, attribute.room" },
    ]);

    await ask("PATCH", `/api/v1/devices/${mac.id}`, { json: { attributes: { floor: "3" } } });
    await settle(mac);
    expect((await eventsOf(mac, "assignment.withheld")).at(-1)?.missing).toBe("attribute.room");
  });
});
