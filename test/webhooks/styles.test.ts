import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { fromBase64 } from "../../src/base/bytes.ts";
import { readPlist } from "../../src/plist/read.ts";
import { alarmOf, enrolledDevice, give, objectOf } from "../support/fleet.ts";
import { drain, happen, hookTo, receiver } from "../support/receiver.ts";

const plistOf = (base64: string) => {
  const read = readPlist(fromBase64(base64) ?? new Uint8Array());
  if (!read.ok || !(read.value instanceof Map)) throw new Error("the raw payload is no property list");
  return read.value;
};

async function ofOne(more: object): Promise<{ there: ReturnType<typeof receiver>; id: string }> {
  const there = receiver();
  return { there, id: await hookTo(there, { style: "nanomdm", ...more }) };
}

test("what NanoMDM tells of an enrollment and a command is told alike, with the messages themselves", async () => {
  const { there, id } = await ofOne({ hmac_key: "shared with the consumer" });
  const mac = await enrolledDevice("mac");
  const uuid = await give(mac, "SecurityInfo");
  await mac.idle();
  await mac.notNow(uuid);
  await mac.idle();
  await mac.acknowledge(uuid);
  await mac.checkOut();
  await alarmOf(mac);
  await objectOf(mac).deliver();

  await drain(id);

  const device = { udid: mac.id, ids: { id: mac.id, type: "Device" } };
  const told = there.taken.map(({ json }) => json);
  expect(told.map(({ topic }) => topic)).toEqual([
    "mdm.Authenticate",
    "mdm.TokenUpdate",
    "mdm.TokenUpdate",
    "mdm.Connect",
    "mdm.Connect",
    "mdm.CheckOut",
  ]);
  expect(told[0]).toMatchObject({ checkin_event: device, created_at: expect.stringMatching(/Z$/) });
  expect(told[0].event_id).toMatch(/^[0-9a-f]{16}$/);
  expect(told[1].checkin_event.token_update_tally).toBe(1);
  const user = told[2].checkin_event;
  expect(user.ids).toEqual({ id: expect.stringContaining(`${mac.id}:`), type: "User", parent_id: mac.id });
  expect(told[3].acknowledge_event).toMatchObject({ ...device, status: "NotNow", command_uuid: uuid });
  expect(told[4].acknowledge_event).toMatchObject({ ...device, status: "Acknowledged", command_uuid: uuid });

  const authenticate = plistOf(told[0].checkin_event.raw_payload);
  expect(authenticate.get("MessageType")).toBe("Authenticate");
  expect(authenticate.get("SerialNumber")).toBe(mac.hardware.serialNumber);
  const token = plistOf(told[1].checkin_event.raw_payload);
  expect(token.get("PushMagic"), "secrets are masked unless asked for").toBe("(masked)");
  expect(plistOf(told[4].acknowledge_event.raw_payload).get("Status")).toBe("Acknowledged");
  // Of a CheckOut no message is kept: it is made with what is known.
  expect(Object.fromEntries(plistOf(told[5].checkin_event.raw_payload))).toEqual({
    MessageType: "CheckOut",
    UDID: mac.id,
  });
  for (const { text, headers } of there.taken) {
    const hmac = createHmac("sha256", "shared with the consumer").update(text).digest("base64");
    expect(headers.get("X-Hmac-Signature")).toBe(hmac);
    expect(headers.get("Content-Type")).toBe("application/json; charset=utf-8");
  }
});

test("with include_secrets a message leaves as it came", async () => {
  const { there, id } = await ofOne({ include_secrets: true, topics: ["channel.enabled"] });
  const iphone = await enrolledDevice("iphone");
  await alarmOf(iphone);

  await drain(id);

  const token = plistOf(there.taken[0]?.json.checkin_event.raw_payload);
  expect(token.get("PushMagic")).not.toBe("(masked)");
  expect(token.get("Token")).toBeInstanceOf(Uint8Array);
});

test.each<[string, string, object]>([
  ["a command that nobody answered", "command.finished", { state: "cancelled", uuid: "U" }],
  ["an end that an administrator made", "device.unenrolled", { by: "administrator" }],
  ["a key that a command brought", "escrow.stored", { name: "filevault-key", uuid: "U" }],
  ["an administrator who reads a token", "escrow.read", { name: "bootstrap-token", by: "token" }],
  ["what NanoMDM knows nothing of", "inventory.updated", {}],
])("NanoMDM would not have said a word of %s", async (_title, name, detail) => {
  const { there, id } = await ofOne({});
  await happen([{ device: "A", name, detail }]);

  await drain(id);

  expect(there.seen).toEqual([]);
});

test("a Slack message reads well, and what is in it cannot be taken for markup", async () => {
  const there = receiver("https://hooks.slack.com/services/T0/B0/x");
  const id = await hookTo(there, { style: "slack", topics: ["problem.*", "command.*"] });
  await happen([
    {
      device: "",
      name: "problem.opened",
      detail: { title: "The push certificate ends in 14 days", devices: 12 },
    },
    { device: "A", name: "command.finished", detail: { request_type: "<!channel> & more" } },
  ]);

  await drain(id);

  const [problem, command] = there.taken.map(({ json }) => json);
  expect(problem.text).toBe("The push certificate ends in 14 days");
  expect(problem.blocks[1].fields).toEqual([{ type: "mrkdwn", text: "*devices*\n12" }]);
  expect(command.text).toBe("command finished: A");
  expect(command.blocks[1].fields[0].text).toBe("*request type*\n&lt;!channel&gt; &amp; more");
});

test("the address, the secret and the key lie sealed", async () => {
  const { id } = await ofOne({ hmac_key: "a key to be found nowhere", url: "https://hooks.example.com/in" });

  const row = await env.DB.prepare("SELECT * FROM webhooks WHERE id = ?").bind(id).first();

  expect(JSON.stringify(row)).not.toMatch(/a key to be|whsec_|\/in/);
});
