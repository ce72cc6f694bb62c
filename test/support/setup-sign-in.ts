import { expect } from "vitest";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { forgetMetadata } from "../../src/sign-in/metadata.ts";
import { forgetProvider } from "../../src/sign-in/provider.ts";
import { ask, origin } from "./admin.ts";
import type { AppleDevice, FlavourName } from "./apple-device.ts";
import { machineInfo } from "./apple-device.ts";
import { clientSecret, providerAtFetch } from "./fake-provider/at-fetch.ts";
import type { FakeProvider } from "./fake-provider/provider.ts";
import { Person } from "./person.ts";
import { provisionedDevice } from "./provisioned.ts";

// A person who signs in on a device in Setup Assistant.

const provider = "/api/v1/sign-in/provider";

/** No provider is set, and none is remembered. */
export async function forgetProviders(): Promise<void> {
  forgetProvider();
  forgetMetadata();
  forgetKeys();
  await ask("DELETE", provider);
}

/** A provider answers, and the server knows it. */
export async function withProvider(): Promise<FakeProvider> {
  const fake = providerAtFetch();
  const put = await ask("PUT", provider, {
    json: {
      kind: "oidc",
      issuer: fake.issuer,
      client_id: "edgemdm",
      client_secret: clientSecret,
      allowed_domains: ["example.com"],
    },
  });
  expect(put.status, put.text).toBe(200);
  return fake;
}

/** What the web view of Setup Assistant is: it has the device's words on the first request, and keeps no cookies. */
export class WebView extends Person {
  /** What happens at the provider, while the person types. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  override async step(url: URL, init: RequestInit): Promise<Response> {
    if (url.pathname === "/authorize") await this.meanwhile();
    const answer = await super.step(url, init);
    this.cookies.clear();
    return answer;
  }
}

export const deviceInfo = (message: Uint8Array) => ({
  "x-apple-aspen-deviceinfo": Buffer.from(message).toString("base64"),
});

/** A device of Apple's portal whose person signs in, and that enrolls with what it gets. */
export async function signedInDevice(fake: FakeProvider, flavour: FlavourName): Promise<AppleDevice> {
  const profile = { configuration_web_url: `${origin}/enroll/ade/web` };
  const { device, factory } = await provisionedDevice(flavour, { profile });
  const page = await new WebView(fake).open("/enroll/ade/web", deviceInfo(machineInfo(device, factory)));
  expect(page.status, page.text).toBe(200);
  await device.enroll({ profile: page.bytes });
  return device;
}
