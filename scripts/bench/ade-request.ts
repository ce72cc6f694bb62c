// What a new device posts for its enrollment profile: its words about itself, signed with the certificate of its factory.
import type { AppleDevice } from "../../test/support/apple-device/device.ts";
import { factoryIdentity } from "../../test/support/apple-device/factory.ts";
import { machineInfo } from "../../test/support/apple-device/machine-info.ts";
import type { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";
import { asSent } from "./fleet.ts";

export async function adeRequest(server: BareServer, device: AppleDevice): Promise<Uint8Array> {
  const json = { ade_unknown_device: "enroll" };
  const set = await server.request("/api/v1/settings", { method: "PATCH", json });
  if (set.status !== 200) throw new Trouble(`the settings are refused: ${set.status} ${set.body}`);
  const body = machineInfo(device, await factoryIdentity(device.hardware.serialNumber));
  const headers = { "content-type": "application/pkcs7-signature" };
  return asSent(new Request("http://localhost/enroll/ade", { method: "POST", headers, body }));
}
