import { expect, test } from "vitest";
import type { App } from "../../src/apps/app.ts";
import { whyNotFor } from "../../src/apps/fit.ts";

type Platforms = NonNullable<Extract<App["source"], { store: unknown }>["store"]["platforms"]>;

const ofStore = (built: string[] | undefined, platforms?: Platforms) => ({
  source: { store: { adamId: "618783545", location: "berlin", ...(platforms && { platforms }) } },
  platforms: built,
});
const ofManifest = (platforms?: Platforms) => ({
  source: {
    manifest: { url: "https://apps.example.com/a.plist", bundleId: null, ...(platforms && { platforms }) },
  },
  platforms: undefined,
});
const iphone = { platform: "ios" as const, productName: "iPhone16,2" };
const ipad = { platform: "ipados" as const, productName: "iPad14,3" };
const mac = { platform: "macos" as const, productName: "Mac15,3" };
const intelMac = { platform: "macos" as const, productName: "MacBookPro16,1" };
const vision = { platform: "visionos" as const, productName: "RealityDevice14,1" };

test.each([
  ["an app of iPhones", ofStore(["iOS"]), [iphone, ipad, vision]],
  ["an app of Macs", ofStore(["macOS"]), [mac, intelMac]],
  ["an app of both", ofStore(["iOS", "macOS"]), [iphone, ipad, mac, intelMac]],
  ["an app of both for iPads and Macs", ofStore(["iOS", "macOS"], ["ipados", "macos"]), [ipad, mac]],
  ["an app of iPhones for Macs too", ofStore(["iOS"], ["ios", "macos"]), [iphone, mac]],
  ["an app of which nothing is known", ofStore(undefined), [iphone, mac]],
  ["a manifest for Macs", ofManifest(["macos"]), [mac, intelMac]],
  ["a manifest that says nothing", ofManifest(), [iphone, mac]],
])("%s goes to its devices", (_, app, machines) => {
  expect(machines.map((machine) => whyNotFor(app, machine))).toEqual(machines.map(() => undefined));
});

test.each([
  ["macOS, and this is an iPhone", ofStore(["macOS"]), iphone],
  ["tvOS, and this is a Mac", ofStore(["tvOS"]), mac],
  ["to go to ipados, macos alone, and this is an iPhone", ofStore(["iOS"], ["ipados", "macos"]), iphone],
  ["to go to macos alone, and this is an iPad", ofManifest(["macos"]), ipad],
  ["name macos in its platforms", ofStore(["iOS"]), mac],
  ["it has no Apple silicon", ofStore(["iOS"], ["macos"]), intelMac],
  [
    "only from the App Store",
    { source: { package: { name: "field" } }, platforms: ["iOS"] },
    { platform: "macos" as const, productName: undefined },
  ],
  ["not said yet which platform", ofStore(["iOS"]), { platform: undefined, productName: undefined }],
])("another device is told why: %s", (why, app, machine) => {
  expect(whyNotFor(app, machine)).toContain(why);
});
