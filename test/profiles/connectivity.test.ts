import { expect, test } from "vitest";
import { idsOf } from "../../src/catalog/lookup.ts";
import { connectivityOf } from "../../src/profiles/connectivity.ts";

test.each<[string[], string[]]>([
  [["com.apple.wifi.managed"], ["wi-fi"]],
  [
    ["com.apple.security.pkcs12", "com.apple.wifi.managed", "com.apple.vpn.managed"],
    ["wi-fi", "vpn", "certificate"],
  ],
  [
    ["com.apple.vpn.managed.applayer", "com.apple.webcontent-filter"],
    ["vpn", "content-filter"],
  ],
  [
    ["com.apple.firstactiveethernet.managed", "com.apple.relay.managed"],
    ["ethernet", "relay"],
  ],
  [
    ["com.apple.dnsSettings.managed", "com.apple.proxy.http.global"],
    ["dns", "proxy"],
  ],
  [["com.apple.cellular"], ["cellular"]],
  [["com.apple.security.root"], []],
  [["com.apple.webClip.managed", "com.apple.mobiledevice.passwordpolicy"], []],
])("%j needs the network for %j", (types, parts) => {
  expect(connectivityOf(types)).toEqual(parts);
});

test("of Apple's payloads, these change how a device reaches the server", async () => {
  const types = await idsOf("profiles");

  expect(types.filter((type) => connectivityOf([type]).length > 0)).toMatchInlineSnapshot(`
    [
      "com.apple.SystemConfiguration",
      "com.apple.cellular",
      "com.apple.cellularprivatenetwork.managed",
      "com.apple.dnsProxy.managed",
      "com.apple.dnsSettings.managed",
      "com.apple.familycontrols.contentfilter",
      "com.apple.firstactiveethernet.managed",
      "com.apple.firstethernet.managed",
      "com.apple.globalethernet.managed",
      "com.apple.proxy.http.global",
      "com.apple.relay.managed",
      "com.apple.secondactiveethernet.managed",
      "com.apple.secondethernet.managed",
      "com.apple.thirdactiveethernet.managed",
      "com.apple.thirdethernet.managed",
      "com.apple.vpn.managed",
      "com.apple.vpn.managed.applayer",
      "com.apple.vpn.managed.appmapping",
      "com.apple.webcontent-filter",
      "com.apple.wifi.managed",
    ]
  `);
});
