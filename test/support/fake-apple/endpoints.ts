import type { Knobs } from "./apple.ts";
import { assignProfile, disown, lockDevice, removeProfile, tellDetails } from "./device-endpoints.ts";
import { timeText, told } from "./devices.ts";
import { checkProfile } from "./profile-rules.ts";
import { AppleRefusal, badRequest } from "./refusal.ts";
import type { AppleServer } from "./server.ts";

// Apple's calls, each as its page says; method and path are looked up in the table at the end.

export type Asked = {
  server: AppleServer;
  body: Record<string, unknown>;
  query: URLSearchParams;
  version: number;
  now: number;
  knobs: Knobs;
};

export type Endpoint = (asked: Asked) => unknown;

const usualLimit = 100;
const largestLimit = 1000;

const account: Endpoint = ({ server, version }) => ({
  server_name: server.name,
  server_uuid: server.uuid,
  facilitator_id: "admin@example.com",
  admin_id: "admin@example.com",
  org_name: server.organisation,
  org_email: "it@example.com",
  org_phone: "+49 30 1234567",
  org_address: "Unter den Linden 1, 10117 Berlin",
  ...(version >= 3 && {
    org_id: "104000010002",
    org_id_hash: "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    org_type: "org",
    org_version: "v2",
    urls: [
      { uri: "/server/devices", http_method: ["POST"], limit: { default: 100, maximum: largestLimit } },
      { uri: "/devices/sync", http_method: ["POST"], limit: { default: 100, maximum: largestLimit } },
      { uri: "/devices", http_method: ["POST"], limit: { default: 1000, maximum: largestLimit } },
    ],
  }),
});

const define: Endpoint = ({ server, body }) => {
  checkProfile(body);
  const profile_uuid = crypto.randomUUID().replaceAll("-", "").toUpperCase();
  const { devices, ...profile } = body;
  server.profiles.set(profile_uuid, { ...profile, profile_uuid });
  const serials = Array.isArray(devices) ? devices.map(String) : [];
  const outcomes = serials.map((serial) => {
    if (!server.devices.has(serial)) return [serial, "NOT_ACCESSIBLE"];
    server.assign(serial, profile_uuid);
    return [serial, "SUCCESS"];
  });
  return { profile_uuid, devices: Object.fromEntries(outcomes) };
};

const getProfile: Endpoint = ({ server, query }) => {
  const uuid = query.get("profile_uuid") ?? "";
  if (uuid === "") throw badRequest("PROFILE_UUID_REQUIRED");
  const profile = server.profiles.get(uuid);
  if (!profile) throw badRequest("NOT_FOUND");
  return profile;
};

function limitOf({ limit }: Record<string, unknown>, { mostAPage }: Knobs): number {
  if (limit === undefined) return Math.min(usualLimit, mostAPage);
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1)
    throw badRequest("MALFORMED_REQUEST_BODY");
  return Math.min(limit, largestLimit, mostAPage);
}

/** The cursor of the last page stands where the log was at the first: what changed meanwhile comes with a delta. */
const fetchDevices: Endpoint = ({ server, body, version, now, knobs }) => {
  const limit = limitOf(body, knobs);
  const place =
    body.cursor === undefined
      ? ({ kind: "fetch", serials: [...server.devices.keys()], offset: 0, seq: server.log.length } as const)
      : server.cursors.forFetch(body.cursor, now);
  const end = place.offset + limit;
  const more = end < place.serials.length;
  const present = place.serials
    .slice(place.offset, end)
    .flatMap((serial) => server.devices.get(serial) ?? []);
  const next = more ? { ...place, offset: end } : ({ kind: "sync", seq: place.seq } as const);
  return {
    devices: present.map((device) => told(device, version)),
    cursor: knobs.repeatCursor && body.cursor ? body.cursor : server.cursors.keep(next, now),
    fetched_until: timeText(now),
    more_to_follow: knobs.repeatCursor || more,
  };
};

const syncDevices: Endpoint = ({ server, body, version, now, knobs }) => {
  const limit = limitOf(body, knobs);
  const { seq } = server.cursors.forSync(body.cursor, now);
  const operations = server.log.slice(seq, seq + limit);
  if (operations.length === 0 && knobs.exhaustedWhenNothingNew) throw badRequest("EXHAUSTED_CURSOR");
  const reached = seq + operations.length;
  return {
    devices: operations.map(({ device, op_type, op_date }) => ({
      ...told(device, version),
      op_type,
      op_date,
    })),
    cursor: knobs.repeatCursor ? body.cursor : server.cursors.keep({ kind: "sync", seq: reached }, now),
    fetched_until: timeText(now),
    more_to_follow: knobs.repeatCursor || reached < server.log.length,
  };
};

const replacement: Endpoint = ({ server, query, version }) => {
  if (version < 10) throw new AppleRefusal(404, "NOT_FOUND");
  const serial = query.get("device") ?? "";
  if (serial === "") throw badRequest("DEVICE_ID_REQUIRED");
  const found = server.replaced.get(serial);
  if (!found) throw badRequest("DEVICE_NOT_FOUND");
  return {
    serial_number: serial,
    original_device_serial_number: found.original,
    replacement_date: found.date,
  };
};

const betaTokens: Endpoint = ({ knobs }) => {
  if (knobs.seedOff) throw new AppleRefusal(403, "APPLE_SEED_FOR_IT_TURNED_OFF");
  const token = (os: string, title: string) => ({ os, title, token: `beta-${os}-${"x".repeat(40)}` });
  return {
    betaEnrollmentTokens: [token("iOS", "iOS 27 AppleSeed Beta"), token("OSX", "macOS 27 AppleSeed Beta")],
  };
};

const inSupportedOrganisation = ({ knobs }: Asked): void => {
  if (knobs.organisationNotSupported) throw badRequest("ORG_NOT_SUPPORTED");
};

const getDiscovery: Endpoint = (asked) => {
  inSupportedOrganisation(asked);
  if (!asked.server.discovery) throw new AppleRefusal(404, "NOT_FOUND");
  return asked.server.discovery;
};

const setDiscovery: Endpoint = (asked) => {
  inSupportedOrganisation(asked);
  const url = asked.body.mdm_service_discovery_url;
  if (url === undefined) throw badRequest("MDM_SERVICE_DISCOVERY_URL_REQUIRED");
  if (typeof url !== "string" || !url.startsWith("https://") || !URL.canParse(url))
    throw badRequest("MDM_SERVICE_DISCOVERY_URL_NOT_VALID");
  asked.server.discovery = { mdm_service_discovery_url: url, last_updated_timestamp: timeText(asked.now) };
  return undefined;
};

const removeDiscovery: Endpoint = (asked) => {
  inSupportedOrganisation(asked);
  asked.server.discovery = undefined;
  return undefined;
};

export const endpoints: Record<string, Record<string, Endpoint>> = {
  "/account": { GET: account },
  "/profile": { POST: define, GET: getProfile },
  "/profile/devices": { POST: assignProfile, PUT: assignProfile, DELETE: removeProfile },
  "/server/devices": { POST: fetchDevices },
  "/devices/sync": { POST: syncDevices },
  "/devices": { POST: tellDetails },
  "/devices/disown": { POST: disown },
  "/device/activationlock": { POST: lockDevice },
  "/device/replacementDetails": { GET: replacement },
  "/os-beta-enrollment/tokens": { GET: betaTokens },
  "/account-driven-enrollment/profile": { GET: getDiscovery, POST: setDiscovery, DELETE: removeDiscovery },
};
