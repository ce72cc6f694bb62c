// An organisation as the console meets it: devices of several kinds in good and in bad health, a library, people, and what
// is wrong. For the tests of the pages, and for pictures of them.
import { join, resolve } from "node:path";
import {
  type AppleDevice,
  type AppleDeviceOptions,
  appleDevice,
  type FlavourName,
  failed,
  plausibleAnswer,
  pooledKey,
} from "../apple-device.ts";
import { testClient, testIdentity, testTopic } from "../test-pki.ts";
import { until } from "./real-device.ts";
import type { RealServer } from "./real-server.ts";
import type { ServerHands } from "./server-hands.ts";

const project = resolve(import.meta.dirname, "../../..");

type Member = {
  flavour: FlavourName;
  name: string;
  tag?: string;
  fails?: string;
  /** Supervised, as a device of the organisation is, and held in Setup Assistant. */
  ade?: boolean;
  policy?: AppleDeviceOptions["policy"];
};

const members: readonly Member[] = [
  { flavour: "mac", name: "Ada’s MacBook Pro", tag: "sales" },
  { flavour: "mac", name: "Ben’s MacBook Pro", tag: "field", fails: "InstallProfile" },
  { flavour: "intelMac", name: "Workshop", tag: "lab" },
  { flavour: "iphone", name: "Chloé’s iPhone", tag: "sales" },
  { flavour: "iphone", name: "受付の iPhone" },
  { flavour: "oldIphone", name: "Dmitri’s old iPhone", fails: "InstallProfile" },
  { flavour: "ipad", name: "Reception", tag: "kiosk" },
  { flavour: "sharedIpad", name: "Class 7b, 12", tag: "school-7b" },
  { flavour: "appleTv", name: "Meeting room 3" },
  { flavour: "visionPro", name: "Design studio" },
];

/** Names and texts that a device or a person may send to hurt whoever reads them. */
export const hostileNames = {
  markup: `<img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script>`,
  template: "{{constructor.constructor('document.title=1')()}} javascript:document.title=1",
  turned: "\u202Egnp.exe\u202C \u200F\u2067evil\u2069",
  long: "W".repeat(500),
} as const;

/** With the harness, its database can be written: two devices have then not been heard of for long. */
type FleetServer = ServerHands & { harness?: RealServer["harness"] };

export type ConsoleFleet = {
  devices: AppleDevice[];
  deviceAt: (index: number) => AppleDevice;
  /** An address of the console, with the ids that its names stand for. */
  pathOf: (path: string) => string;
};

/** All of it, in some seconds. `hostile`: with devices, people, profiles and tags that have hostile names besides. */
export async function fillConsole(server: FleetServer, { hostile = false } = {}): Promise<ConsoleFleet> {
  await must(server, "POST", "/authorities", { if_none: true });
  await uploadPushCertificate(server);
  await must(server, "PATCH", "/settings", {
    organization: "Small Office",
    organization_email: "it@example.com",
  });
  const { code, out, err } = await server.edgemdm(
    ["apply", join(project, "examples/small-office"), "--yes"],
    {
      WIFI_PASSWORD: "correct horse battery staple",
    },
  );
  if (code !== 0) throw new Error(`the library was not applied: ${out}${err}`);
  await fillDesk(server);
  const some = [
    ...members,
    ...(hostile ? Object.values(hostileNames).map((name): Member => ({ flavour: "iphone", name })) : []),
  ];
  const devices = await Promise.all(some.map((member) => enrolled(server, member)));
  // What is given to a device before the directory knows of its enrollment is held back.
  await listed(server, devices);
  await owned(server, devices.slice(0, 1), "ada@example.com");
  await Promise.all(devices.map((device, index) => tagged(server, device, some[index]?.tag)));
  await work(server, devices);
  if (hostile) await fillHostile(server, devices);
  const rollout = await beginRollout(server);
  await must(server, "POST", "/jobs/problems");
  const [webhooks, people] = await Promise.all(
    ["/webhooks", "/people"].map((path) => server.json("GET", path)),
  );
  const deviceAt = (index: number): AppleDevice => {
    const device = devices[index];
    if (device === undefined) throw new Error(`the fleet has no device ${index}`);
    return device;
  };
  return {
    devices,
    deviceAt,
    pathOf: (path) =>
      path
        .replace(":device", deviceAt(0).id)
        .replace(":webhook", webhooks.items[0].id)
        .replace(":rollout", rollout)
        .replace(":person", people.items.find(({ name }: { name: string }) => name === "Ada Lovelace").id),
  };
}

/** What an administrator has set up besides the library. */
async function fillDesk(server: FleetServer): Promise<void> {
  await must(server, "POST", "/tokens", { name: "monitoring", role: "viewer" });
  await must(server, "POST", "/tokens", { name: "help desk", role: "helpdesk" });
  await must(server, "POST", "/people", {
    email: "ada@example.com",
    name: "Ada Lovelace",
    department: "Research",
  });
  await must(server, "POST", "/people", { email: "ben@example.com", name: "Ben Berg", department: "Sales" });
  await must(server, "PUT", "/attributes/location", { type: "choice", choices: ["Berlin", "Paris"] });
  await must(server, "POST", "/enrollment/invitations", { max_uses: 30, note: "class 7b" });
  await must(server, "POST", "/ade/accounts", { name: "school" });
  await must(server, "POST", "/webhooks", {
    name: "chat",
    url: "https://hooks.example.com/edgemdm",
    topics: ["device.*", "problem.*"],
  });
}

/** A longer passcode goes to some devices first. */
async function beginRollout(server: FleetServer): Promise<string> {
  const { rollout } = await must(server, "PUT", "/declarations/office.passcode?rollout=standard", {
    Type: "com.apple.configuration.passcode.settings",
    Payload: { RequirePasscode: true, MinimumLength: 8 },
  });
  await until(async () => (await server.json("GET", `/rollouts/${rollout}`)).counted_at !== null);
  return rollout;
}

/** Commands: some done, one refused, some that wait. */
async function work(server: FleetServer, devices: readonly AppleDevice[]): Promise<void> {
  await must(server, "POST", `/devices/${idOf(devices[1])}/commands`, { request_type: "RestartDevice" });
  await must(server, "POST", `/devices/${idOf(devices[3])}/commands`, {
    request_type: "DeviceLock",
    payload: { Message: "Please call +49 30 1234567" },
  });
  // A Mac with something in escrow.
  await must(server, "POST", `/devices/${idOf(devices[0])}/commands`, { request_type: "SetRecoveryLock" });
  await devices[0]?.setBootstrapToken();
  await devices[0]?.converse();
  if (server.harness === undefined) return;
  const { DB } = (await server.harness.getWorker().getEnv()) as { DB: D1Database };
  const longAgo = Date.now() - 45 * 24 * 60 * 60 * 1000;
  for (const silent of [devices[2], devices[5]])
    await DB.prepare("UPDATE devices SET last_seen_at = ? WHERE id = ?").bind(longAgo, idOf(silent)).run();
}

/** Devices are asked who they are, and told what they should have, some seconds after they enrolled. */
async function listed(server: FleetServer, devices: readonly AppleDevice[]): Promise<void> {
  const failing = devices.filter((_device, index) => members[index]?.fails === "InstallProfile");
  await until(async () => {
    await Promise.all(devices.map((device) => device.converse()));
    const { items } = await server.json("GET", "/devices?limit=100");
    const named = items.filter(({ name }: { name: string | null }) => name !== null);
    const failed = await Promise.all(failing.map((device) => hasFailed(server, device)));
    return named.length === devices.length && failed.every(Boolean);
  });
}

async function hasFailed(server: FleetServer, device: AppleDevice): Promise<boolean> {
  const { items } = await server.json("GET", `/devices/${idOf(device)}/profiles`);
  return items.some(({ state }: { state: string }) => state === "failed");
}

async function fillHostile(server: FleetServer, devices: readonly AppleDevice[]): Promise<void> {
  const { markup, template, turned, long } = hostileNames;
  await must(server, "PATCH", `/devices/${idOf(devices[0])}`, { notes: `${markup}\n${turned}\n${long}` });
  await must(server, "POST", "/people", { email: "x@example.com", name: markup, department: template });
  await must(server, "POST", "/tokens", { name: markup, role: "viewer" });
  await must(server, "POST", "/enrollment/invitations", { note: `${markup} ${turned}`.slice(0, 200) });
  await must(server, "PUT", "/profiles/com.example.hostile", {
    PayloadDisplayName: markup,
    PayloadDescription: long,
    PayloadContent: [
      { PayloadType: "com.apple.wifi.managed", SSID_STR: turned.slice(0, 20), EncryptionType: "None" },
    ],
  });
  await must(server, "PUT", "/sets/hostile", {
    description: `${markup} ${long}`.slice(0, 500),
    profiles: ["com.example.hostile"],
  });
}

async function uploadPushCertificate(server: FleetServer): Promise<void> {
  const issuer = await testIdentity({ commonName: "Test Root", isCa: true });
  const { certificatePem, keyPem } = await testClient(issuer, "P-256");
  const answer = await fetch(new URL("/api/v1/push-certificates", server.origin), {
    method: "POST",
    headers: { Authorization: `Bearer ${server.token}`, "Content-Type": "application/x-pem-file" },
    body: `${certificatePem}\n${keyPem}`,
  });
  if (!answer.ok) throw new Error(`the push certificate was refused: ${await answer.text()}`);
}

export async function enrolled(server: FleetServer, member: Member): Promise<AppleDevice> {
  const device = newMember(server, member);
  const named = member.ade ? { serial: device.hardware.serialNumber } : {};
  const { challenge, scep_url: scepUrl } = await server.json("POST", "/enrollment/challenges", named);
  await device.enroll({
    serverUrl: new URL("/mdm", server.origin).href,
    topic: testTopic,
    scepUrl,
    challenge,
  });
  return device;
}

const troubles = new WeakMap<AppleDevice, { fails: string | undefined }>();

/** Whatever the device could not do, it can do from now on. */
export function mend(device: AppleDevice): void {
  const trouble = troubles.get(device);
  if (trouble) trouble.fails = undefined;
}

/** A device that has not enrolled yet. */
export function newMember(
  server: FleetServer,
  { flavour, name, fails, ade = false, policy }: Member,
): AppleDevice {
  const trouble = { fails };
  const device = appleDevice(flavour, {
    transport: (request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new Request(new URL(pathname + search, server.origin), request));
    },
    newKey: pooledKey,
    requireHttps: false,
    deviceName: name,
    ade,
    policy: policy ?? failing(trouble),
  });
  troubles.set(device, trouble);
  return device;
}

const failing =
  (trouble: { fails: string | undefined }): NonNullable<AppleDeviceOptions["policy"]> =>
  async (command, channel) =>
    command.requestType === trouble.fails
      ? failed(4001, "The profile “Wi-Fi” could not be installed.", "MCInstallationErrorDomain")
      : plausibleAnswer(command, channel);

async function owned(server: FleetServer, devices: readonly AppleDevice[], email: string): Promise<void> {
  const { items } = await server.json("GET", `/people?email=${email}`);
  for (const device of devices)
    await must(server, "PATCH", `/devices/${idOf(device)}`, { person_id: items[0].id });
}

const tagged = (server: FleetServer, device: AppleDevice, tag: string | undefined): Promise<unknown> =>
  tag === undefined ? Promise.resolve() : must(server, "PATCH", `/devices/${idOf(device)}`, { tags: [tag] });

function idOf(device: AppleDevice | undefined): string {
  if (device === undefined) throw new Error("the fleet has no such device");
  return encodeURIComponent(device.id);
}

// biome-ignore lint/suspicious/noExplicitAny: what a test looks into is what the test says it is
async function must(server: FleetServer, method: string, path: string, body?: unknown): Promise<any> {
  const answer = await server.api(method, path, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was refused: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
