import { afterAll, describe } from "vitest";
import { chromiumPath } from "../support/node/browser.ts";
import { leaveStage } from "../support/node/stage.ts";

// The console of a server where nothing is yet, before one browser. The order counts: the list of devices brings devices, and
// once people sign in by a provider, the first page is another one.

if (!chromiumPath) console.warn("chromium is not installed: the console is not looked at in a browser");
afterAll(leaveStage);

describe("what is uploaded", async () => {
  await import("./empty/library.ts");
});
describe("what is written", async () => {
  await import("./empty/library-forms.ts");
});
describe("who comes in by a token", async () => {
  await import("./empty/session.ts");
});
describe("a hundred devices", async () => {
  await import("./empty/device-list.ts");
});
describe("who comes in by an account", async () => {
  await import("./empty/sign-in.ts");
});
describe("who comes in through Cloudflare Access", async () => {
  await import("./empty/access.ts");
});
