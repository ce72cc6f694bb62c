// What MicroMDM knows of its devices, as the check-in messages that they once sent: the form in which `/migration` takes a
// fleet. MicroMDM does not keep the messages themselves, so they are written again from what it kept of them.

import { toPem } from "../../src/pki/pem.ts";
import type { PlistInput } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import type { Bucket } from "./bolt-file.ts";
import { type Message, readMessage } from "./protobuf.ts";

export type MovedDevice = {
  udid: string;
  serial: string;
  /** In the order in which they must be sent: the device's own before those of its users. */
  messages: { about: string; body: string }[];
  /** Set: it cannot be moved. */
  trouble?: string;
};

export type MicroMdm = {
  devices: MovedDevice[];
  /** PEM: the authority of the devices' identities; undefined: MicroMDM issued none. */
  authority: string | undefined;
  /** PEM: certificate and key; undefined: none is kept. */
  pushCertificate: string | undefined;
};

/** The numbers of fields in the messages of MicroMDM (`deviceproto`, `pushproto`, `userproto`, `configproto`). */
const ofDevice = {
  udid: 2,
  SerialNumber: 3,
  OSVersion: 4,
  BuildVersion: 5,
  ProductName: 6,
  IMEI: 7,
  MEID: 8,
  unlockToken: 12,
  enrolled: 13,
  DeviceName: 15,
  Model: 16,
  ModelName: 17,
  bootstrapToken: 30,
} as const;
const ofPush = { token: 2, magic: 3, topic: 4 } as const;
const ofUser = { udid: 2, id: 3, shortName: 4, longName: 5 } as const;
const ofConfig = { certificate: 1, key: 2 } as const;
const told = [
  "SerialNumber",
  "OSVersion",
  "BuildVersion",
  "ProductName",
  "IMEI",
  "MEID",
  "DeviceName",
  "Model",
  "ModelName",
] as const;

export function readMicroMdm(buckets: ReadonlyMap<string, Bucket>): MicroMdm {
  const pushes = buckets.get("mdm.PushInfo") ?? new Map();
  const users = Map.groupBy(messagesIn(buckets, "mdm.Users"), (user) => user.text(ofUser.udid));
  return {
    devices: messagesIn(buckets, "mdm.Devices").map((device) =>
      move(device, users.get(device.text(ofDevice.udid)) ?? [], pushes),
    ),
    authority: authorityIn(buckets),
    pushCertificate: pushCertificateIn(buckets),
  };
}

const messagesIn = (buckets: ReadonlyMap<string, Bucket>, name: string): Message[] =>
  [...(buckets.get(name) ?? new Map<string, Buffer>()).values()].map(readMessage);

function move(device: Message, users: readonly Message[], pushes: Bucket): MovedDevice {
  const udid = device.text(ofDevice.udid);
  const known = { udid, serial: device.text(ofDevice.SerialNumber), messages: [] };
  if (udid === "") return { ...known, trouble: "it never enrolled: Apple's portal told of it" };
  if (!device.flag(ofDevice.enrolled)) return { ...known, trouble: "it is not enrolled" };
  const push = pushOf(pushes, udid);
  if (push === undefined) return { ...known, trouble: "its push token is not kept" };
  const unlockToken = Buffer.from(device.text(ofDevice.unlockToken), "hex");
  const bootstrapToken = device.bytes(ofDevice.bootstrapToken);
  const facts = told.map((name) => [name, device.text(ofDevice[name])] as const);
  return {
    ...known,
    messages: [
      message("Authenticate", udid, {
        Topic: push.Topic,
        ...Object.fromEntries(facts.filter(([, value]) => value !== "")),
      }),
      message("TokenUpdate", udid, { ...push, ...(unlockToken.length > 0 && { UnlockToken: unlockToken }) }),
      ...(bootstrapToken.length > 0
        ? [message("SetBootstrapToken", udid, { BootstrapToken: new Uint8Array(bootstrapToken) })]
        : []),
      ...users.flatMap((user) => ofOneUser(user, udid, pushes)),
    ],
  };
}

/** A user without a push token was never managed. */
function ofOneUser(user: Message, udid: string, pushes: Bucket): MovedDevice["messages"] {
  const id = user.text(ofUser.id);
  const push = pushOf(pushes, id);
  if (push === undefined) return [];
  const names = { UserShortName: user.text(ofUser.shortName), UserLongName: user.text(ofUser.longName) };
  return [message("TokenUpdate", udid, { ...push, UserID: id, ...names }, ` of ${names.UserShortName}`)];
}

function pushOf(pushes: Bucket, id: string) {
  const kept = pushes.get(id);
  if (kept === undefined) return undefined;
  const push = readMessage(kept);
  return {
    Topic: push.text(ofPush.topic),
    PushMagic: push.text(ofPush.magic),
    Token: new Uint8Array(Buffer.from(push.text(ofPush.token), "hex")),
  };
}

const message = (MessageType: string, UDID: string, content: Record<string, PlistInput>, whose = "") => ({
  about: `${MessageType}${whose}`,
  body: Buffer.from(writePlist({ MessageType, UDID, ...content })).toString(),
});

function authorityIn(buckets: ReadonlyMap<string, Bucket>): string | undefined {
  const der = buckets.get("scep_certificates")?.get("ca_certificate");
  return der && toPem("CERTIFICATE", new Uint8Array(der));
}

function pushCertificateIn(buckets: ReadonlyMap<string, Bucket>): string | undefined {
  const kept = buckets.get("mdm.ServerConfig")?.values().next().value;
  if (kept === undefined) return undefined;
  const config = readMessage(kept);
  const [certificate, key] = [config.text(ofConfig.certificate), config.text(ofConfig.key)];
  return certificate && key ? `${certificate.trim()}\n${key.trim()}\n` : undefined;
}
