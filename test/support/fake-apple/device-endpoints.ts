import { told } from "./devices.ts";
import type { Asked, Endpoint } from "./endpoints.ts";
import { AppleRefusal, badRequest } from "./refusal.ts";

// The calls about named devices: each device has an outcome of its own.

const mostDevices = 1000;

function serialsOf({ body }: Asked): string[] {
  const { devices } = body;
  if (!Array.isArray(devices) || devices.length === 0) throw badRequest("DEVICE_ID_REQUIRED");
  if (devices.length > mostDevices || devices.some((serial) => typeof serial !== "string"))
    throw badRequest("MALFORMED_REQUEST_BODY");
  return devices as string[];
}

const isOurs = ({ server }: Asked, serial: string): boolean =>
  server.devices.has(serial) && !server.inaccessible.has(serial);

function outcomeOf(asked: Asked, serial: string): string {
  const { server, version, now } = asked;
  if (!isOurs(asked, serial)) return "NOT_ACCESSIBLE";
  const failures = server.failing.get(serial) ?? 0;
  if (failures > 0) {
    server.failing.set(serial, failures - 1);
    return "FAILED";
  }
  if ((server.throttled.get(serial) ?? 0) > now) return version >= 9 ? "THROTTLED" : "FAILED";
  return "SUCCESS";
}

export const assignProfile: Endpoint = (asked) => {
  const { server, body, version, now } = asked;
  const serials = serialsOf(asked);
  const { profile_uuid } = body;
  if (typeof profile_uuid !== "string" || profile_uuid === "") throw badRequest("PROFILE_UUID_REQUIRED");
  if (!server.profiles.has(profile_uuid)) throw new AppleRefusal(404, "NOT_FOUND");
  const outcomes = serials.map((serial) => [serial, outcomeOf(asked, serial)] as const);
  for (const [serial, outcome] of outcomes) if (outcome === "SUCCESS") server.assign(serial, profile_uuid);
  const waits = outcomes
    .filter(([, outcome]) => outcome === "THROTTLED")
    .map(([serial]) => Math.ceil(((server.throttled.get(serial) ?? now) - now) / 1000));
  return {
    profile_uuid,
    devices: Object.fromEntries(outcomes),
    ...(version >= 10 && waits.length > 0 && { retry_after_seconds: Math.max(...waits) }),
  };
};

export const removeProfile: Endpoint = (asked) => {
  const outcomes = serialsOf(asked).map((serial) => [
    serial,
    isOurs(asked, serial) ? "SUCCESS" : "NOT_ACCESSIBLE",
  ]);
  for (const [serial, outcome] of outcomes)
    if (outcome === "SUCCESS") asked.server.assign(serial ?? "", undefined);
  return { devices: Object.fromEntries(outcomes) };
};

export const tellDetails: Endpoint = (asked) => ({
  devices: Object.fromEntries(
    serialsOf(asked).map((serial) => [
      serial,
      isOurs(asked, serial)
        ? { ...told(asked.server.device(serial), asked.version), response_status: "SUCCESS" }
        : { serial_number: serial, response_status: "NOT_ACCESSIBLE" },
    ]),
  ),
});

export const disown: Endpoint = (asked) => {
  const outcomes = serialsOf(asked).map((serial) => [
    serial,
    isOurs(asked, serial) ? "SUCCESS" : "NOT_ACCESSIBLE",
  ]);
  if (!asked.knobs.mayDisown) throw new AppleRefusal(403, "ACCESS_DENIED");
  for (const [serial, outcome] of outcomes) if (outcome === "SUCCESS") asked.server.drop(serial ?? "");
  return { devices: Object.fromEntries(outcomes) };
};

export const lockDevice: Endpoint = (asked) => {
  const { device, escrow_key } = asked.body;
  if (typeof device !== "string") throw badRequest("MALFORMED_REQUEST_BODY");
  if (escrow_key !== undefined && !/^[0-9a-f]{64}$/i.test(String(escrow_key)))
    throw badRequest("MALFORMED_REQUEST_BODY");
  return { serial_number: device, response_status: lockStatus(asked, device) };
};

function lockStatus(asked: Asked, serial: string): string {
  if (asked.knobs.organisationNotSupported) return "ORG_NOT_SUPPORTED";
  if (!isOurs(asked, serial)) return "NOT_ACCESSIBLE";
  if (asked.server.device(serial).device_family === "AppleTV") return "DEVICE_NOT_SUPPORTED";
  if (asked.server.locked.has(serial)) return "DEVICE_ALREADY_LOCKED";
  asked.server.locked.add(serial);
  return "SUCCESS";
}
