import { afterAll, describe } from "vitest";
import { chromiumPath } from "../support/node/browser.ts";
import { leaveStage } from "../support/node/stage.ts";

// Pages about devices, before one server with a fleet and one browser: to start and fill them takes longer than most tests. The
// order counts: what the first ones do to devices, the last ones undo or no longer need.

if (!chromiumPath) console.warn("chromium is not installed: the console is not looked at in a browser");
afterAll(leaveStage);

describe("rollouts, updates and people", async () => {
  await import("./fleet/rollouts.ts");
});
describe("sets and apps", async () => {
  await import("./fleet/library-sets.ts");
});
describe("devices every day", async () => {
  await import("./fleet/devices.ts");
});
describe("one device, and several at once", async () => {
  await import("./fleet/device.ts");
});
