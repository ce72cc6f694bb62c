import { expect, test } from "vitest";
import { newName, settled } from "../support/ade.ts";
import { adminToken, ask, tokenFor } from "../support/admin.ts";
import { appleAtFetch } from "../support/fake-apple/at-fetch.ts";
import { tokenFile } from "../support/fake-apple/token-file.ts";

// The requests that NanoDEP's scripts make (tools/cfg-*.sh and dep-*.sh), in the order of its quickstart.
const as = (token: string) => ({ Authorization: `Basic ${btoa(`depserver:${token}`)}` });
const headers = as(adminToken);
const dep = (method: string, path: string, more: object = {}) =>
  ask(method, path, { token: null, headers, ...more });
const post = (path: string, json: object) => dep("POST", path, { json });

test("NanoDEP's quickstart: certificate, token, account, profile, assigner, devices, removal", async () => {
  const apple = appleAtFetch();
  const server = apple.addServer();
  const serials = server.addDevices(2).map(({ serial_number }) => serial_number) as [string, string];
  const name = newName();

  const certificate = await dep("GET", `/v1/tokenpki/${name}?cn=&validity_days=`);
  const file = await tokenFile(server.issueToken(), certificate.text);
  const tokens = await dep("PUT", `/v1/tokenpki/${name}?force=`, { body: file });
  await settled(name);
  const account = await dep("GET", `/proxy/${name}/account`);
  const defined = await post(`/proxy/${name}/profile`, {
    profile_name: "NanoDEP",
    url: "https://mdm.example.com/enroll/ade",
  });
  const uuid = defined.json.profile_uuid;
  const read = await dep("GET", `/proxy/${name}/profile?profile_uuid=${uuid}`);
  const assigner = await dep("PUT", `/v1/assigner/${name}?profile_uuid=${uuid}`);
  await settled(name);

  expect(certificate.headers.get("Content-Type")).toBe("application/x-pem-file");
  expect(tokens.json.consumer_key).toMatch(/^CK_/);
  expect((await dep("GET", `/v1/tokens/${name}`)).json).toEqual(tokens.json);
  expect(account.json).toMatchObject({ server_uuid: server.uuid });
  expect(account.headers.has("X-ADM-Auth-Session")).toBe(false);
  expect(read.json).toMatchObject({ profile_name: "NanoDEP" });
  expect(assigner.json).toEqual({ profile_uuid: uuid });
  expect((await dep("GET", `/v1/assigner/${name}`)).json).toEqual({ profile_uuid: uuid });
  expect(serials.map((serial) => server.device(serial).profile_uuid)).toEqual([uuid, uuid]);
  const details = await post(`/proxy/${name}/devices`, { devices: serials });
  expect(details.json.devices[serials[0]]).toMatchObject({ profile_status: "assigned" });
  const removed = await dep("DELETE", `/proxy/${name}/profile/devices`, { json: { devices: serials } });
  expect(Object.values(removed.json.devices)).toEqual(["SUCCESS", "SUCCESS"]);
  expect((await dep("GET", "/v1/dep_names?limit=1000")).json.dep_names).toContain(name);
});

test("the proxy passes on what Apple refuses, and keeps what cannot be taken back behind a right and a number", async () => {
  const server = appleAtFetch().addServer();
  const [serial] = server.addDevices(1).map(({ serial_number }) => serial_number) as [string];
  const name = newName();
  await dep("PUT", `/v1/tokens/${name}`, { json: server.issueToken() });
  const operator = as(await tokenFor("operator"));
  const trusted = as(await tokenFor("operator", ["disown"]));
  const disown = (who: object, query = "") =>
    dep("POST", `/proxy/${name}/devices/disown${query}`, { headers: who, json: { devices: [serial] } });

  const refused = await post(`/proxy/${name}/profile`, { profile_name: "" });

  expect(refused).toMatchObject({ status: 400, text: expect.stringMatching(/^CONFIG_/) });
  expect((await disown(operator)).status).toBe(403);
  expect((await disown(trusted)).status).toBe(409);
  expect((await disown(trusted, "?confirm=1")).json).toEqual({ devices: { [serial]: "SUCCESS" } });
  expect((await dep("GET", `/proxy/${name}/session`)).status).toBe(404);
  expect((await dep("GET", `/v1/tokens/${name}`, { headers: operator })).status).toBe(403);
  expect((await dep("GET", "/v1/dep_names", { headers: as("wrong") })).status).toBe(401);
});

test("the signature for Managed Apple Accounts is of the key whose certificate Apple has", async () => {
  const server = appleAtFetch().addServer();
  const name = newName();
  const { text: pem } = await dep("GET", `/v1/tokenpki/${name}`);
  await dep("PUT", `/v1/tokenpki/${name}`, { body: await tokenFile(server.issueToken(), pem) });

  const made = await dep("GET", `/v1/maidjwt/${name}`);

  const [head = "", claims = "", signature = ""] = made.text.split(".");
  const { X509Certificate, verify } = await import("node:crypto");
  const { publicKey } = new X509Certificate(pem);
  const signed = Buffer.from(`${head}.${claims}`);
  expect(verify("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toEqual({
    iss: server.uuid,
    iat: expect.any(Number),
    jti: made.headers.get("X-Jwt-Jti"),
    service_type: "com.apple.maid",
  });
});
