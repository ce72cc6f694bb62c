import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RealServer, realServer } from "../support/node/real-server.ts";

const script = resolve(import.meta.dirname, "../../scripts/launch.mjs");
let server: RealServer;
beforeAll(async () => {
  server = await realServer();
  await server.api("POST", "/authorities", {});
});
afterAll(() => server.close());

type Run = { code: number | null; said: string };

/** Interrupted, as by Ctrl-C, once it has said that. */
function open(link: string, until?: string): Promise<Run> {
  const env = { PATH: process.env.PATH ?? "", NO_COLOR: "1" } as unknown as NodeJS.ProcessEnv;
  const args = [script, "simulate", "--link", link, "--seconds", "600", "--interval", "0.2"];
  const child = spawn(process.execPath, args, { env });
  let said = "";
  const hear = (chunk: Buffer): void => {
    said += chunk;
    if (until !== undefined && !child.killed && said.includes(until)) child.kill("SIGINT");
  };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", hear);
  return new Promise((done) => child.on("close", (code) => done({ code, said })));
}

test("whoever opens the link of an invitation has an enrolled phone, and it tells which Wi-Fi it gets", async () => {
  await server.json("PUT", "/profiles/com.example.wifi", {
    PayloadDisplayName: "Office Wi-Fi",
    PayloadContent: [{ PayloadType: "com.apple.wifi.managed", SSID_STR: "Office", EncryptionType: "None" }],
  });
  await server.json("PUT", "/sets/phones", {
    profiles: ["com.example.wifi"],
    filter: { platform: "ios" },
  });
  const { out: link } = await server.edgemdm(["enroll"]);

  const { code, said } = await open(link.trim(), "joins the Wi-Fi Office");

  expect(said).toMatch(/owner {4}opens the link[\s\S]*phone {4}is enrolled: \w+\n/);
  expect(said).toMatch(/phone {4}installs the profile Office Wi-Fi\n.*phone {4}joins the Wi-Fi Office\n/);
  expect(code).toBe(0);

  // The same person may fetch the profile again for ten minutes, but it gives one identity.
  const again = await open(link.trim());
  expect([again.code, again.said]).toEqual([2, expect.stringContaining("the phone cannot enroll: ")]);
});

test("what is no link says so", async () => {
  expect(await open("nothing")).toEqual({
    code: 2,
    said: "--link nothing is no address; edgemdm enroll prints one\n",
  });
});
