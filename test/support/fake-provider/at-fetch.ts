import { onTestFinished, vi } from "vitest";
import { origin } from "../admin.ts";
import { FakeProvider } from "./provider.ts";

export const clientSecret = "a secret: of the client & 100% odd";

/** From now on to the end of the test, a provider answers there; what a browser opens is its `fetch`. */
export function providerAtFetch(issuer = "https://id.example.com"): FakeProvider {
  const provider = new FakeProvider(issuer, {
    id: "edgemdm",
    secret: clientSecret,
    redirectUris: [`${origin}/sign-in/callback`],
    logoutUris: [`${origin}/sign-out`],
  });
  const others = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    return request.url.startsWith(issuer) ? provider.fetch(request) : others(request);
  });
  onTestFinished(() => spy.mockRestore());
  return provider;
}
