import { onTestFinished, vi } from "vitest";
import { FakeApple } from "../fake-apple/apple.ts";
import { FakePortal } from "./portal.ts";

const hosts = ["account.apple.com", "api-business.apple.com", "api-school.apple.com"];

/**
 * From now on to the end of the test, whatever is sent to the portal's API and to the device assignment service comes
 * to these.
 */
export function portalAtFetch(portal = new FakePortal(new FakeApple())): FakePortal {
  const others = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    const { hostname } = new URL(request.url);
    if (hosts.includes(hostname)) return portal.fetch(request);
    return hostname === "mdmenrollment.apple.com" ? portal.apple.fetch(request) : others(request);
  });
  onTestFinished(() => spy.mockRestore());
  return portal;
}
