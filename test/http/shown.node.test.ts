import { afterAll, describe } from "vitest";
import { chromiumPath } from "../support/node/browser.ts";
import { leaveStage } from "../support/node/stage.ts";

// The pages that the Worker itself makes, in a real browser, before one server. EDGEMDM_SCREENSHOTS names a folder that gets a
// picture of each page. The order counts: with a provider, an invitation opens by a sign-in.

if (!chromiumPath) console.warn("chromium is not installed: the pages are not looked at in a browser");
afterAll(leaveStage);

describe("at the address, and in the documentation", async () => {
  await import("./shown/pages.ts");
});
describe("the way in", async () => {
  await import("./shown/enroll.ts");
});
describe("the sign-in", async () => {
  await import("./shown/sign-in.ts");
});
