// The commands an administrator of the simulated fleet thinks of. Each is one that the device it goes to can obey, so
// that an error in an answer means that something on the way went wrong.
import type { PlistInput } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";
import type { AppleDevice, Random, UserChannel } from "../../test/support/apple-device.ts";

type Wish = {
  make: (random: Random, device: AppleDevice) => { [key: string]: PlistInput };
  /** Whose channels know it besides a device's own. */
  macUser?: boolean;
  sharedUser?: boolean;
  notUnderUserEnrollment?: boolean;
};

const queries = ["DeviceName", "OSVersion", "BuildVersion", "ProductName", "BatteryLevel"];

const wishes: readonly Wish[] = [
  {
    make: (_, { byUser }) => ({
      RequestType: "DeviceInformation",
      Queries: [...queries, ...(byUser ? [] : ["SerialNumber"])],
    }),
    macUser: true,
    sharedUser: true,
  },
  { make: () => ({ RequestType: "ProfileList" }), macUser: true, sharedUser: true },
  {
    make: (random) => ({ RequestType: "InstallProfile", Payload: someProfile(random) }),
    macUser: true,
    sharedUser: true,
  },
  { make: () => ({ RequestType: "SecurityInfo" }), macUser: true },
  { make: () => ({ RequestType: "CertificateList" }), macUser: true },
  { make: () => ({ RequestType: "InstalledApplicationList" }), notUnderUserEnrollment: true },
  { make: () => ({ RequestType: "ManagedApplicationList" }) },
  { make: () => ({ RequestType: "ProvisioningProfileList" }) },
  { make: () => ({ RequestType: "Restrictions" }), notUnderUserEnrollment: true },
];

export function someCommand(device: AppleDevice, user: UserChannel | undefined, random: Random) {
  const obeyed = wishes.filter((wish) => {
    if (wish.notUnderUserEnrollment && device.byUser) return false;
    return user === undefined || (device.flavour.shared ? wish.sharedUser : wish.macUser) === true;
  });
  return random.pick(obeyed).make(random, device);
}

function someProfile(random: Random): Uint8Array {
  const identifier = `com.example.simulated.${random.below(5)}`;
  return writePlist({
    PayloadType: "Configuration",
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: random.uuid(),
    PayloadDisplayName: "Simulated profile",
    PayloadContent: [
      {
        PayloadType: "com.apple.webClip.managed",
        PayloadVersion: 1,
        PayloadIdentifier: `${identifier}.clip`,
        PayloadUUID: random.uuid(),
        Label: "Example",
        URL: "https://example.com",
        IsRemovable: true,
      },
    ],
  });
}
