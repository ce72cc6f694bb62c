// An organisation at the fake of Apple's service that this server is connected to: an ADE account with devices and profiles,
// and, if it is asked for, an API account.
import { FakeAppleService } from "./fake-apple.ts";
import type { ServerHands } from "./server-hands.ts";

export type AppleOrganization = {
  service: FakeAppleService;
  serials: string[];
  /** What the portal shows once of a new API account. */
  newKey: () => Promise<{ client_id: string; key_id: string; private_key: string }>;
  /** The token file for the certificate that the account waits with. */
  newToken: (certificate: string, ofServer?: string) => Promise<Uint8Array>;
};

export async function appleOrganization(
  server: Pick<ServerHands, "json"> & { origin: string; token: string },
): Promise<AppleOrganization> {
  const service = new FakeAppleService();
  const baseUrl = await service.listen();
  const portal = (path: string, body?: string) =>
    fetch(`${baseUrl}/portal/${path}`, { method: "POST", ...(body !== undefined && { body }) });
  const newToken = async (certificate: string, ofServer = "Berlin") =>
    new Uint8Array(await (await portal(`servers/${ofServer}/token`, certificate)).arrayBuffer());
  const { certificate } = await server.json("POST", "/ade/accounts", { name: "main", base_url: baseUrl });
  const uploaded = await fetch(`${server.origin}/api/v1/ade/accounts/main/token`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${server.token}`, "Content-Type": "application/octet-stream" },
    body: Buffer.from(await newToken(certificate)),
  });
  if (!uploaded.ok) throw new Error(`the token was refused: ${await uploaded.text()}`);
  const { devices } = (await (await portal("servers/Berlin/devices?count=6")).json()) as {
    devices: string[];
  };
  for (const name of ["staff", "kiosk"])
    await server.json("PUT", `/ade/profiles/${name}`, {
      profile_name: `For ${name}`,
      url: "https://mdm.example.com/",
    });
  await server.json("POST", "/ade/accounts/main/sync");
  return {
    service,
    serials: devices,
    newKey: async () => (await portal("api-accounts")).json() as ReturnType<AppleOrganization["newKey"]>,
    newToken,
  };
}
