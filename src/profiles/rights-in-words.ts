/**
 * What AccessRights mean for the person who holds the device, in plain words.
 * https://developer.apple.com/documentation/devicemanagement/mdm
 */
export type RightsInWords = { sees: string[]; does: string[] };

const words: readonly { right: number; kind: keyof RightsInWords; text: string }[] = [
  { right: 16, kind: "sees", text: "the device’s name, model, serial number, system version and free space" },
  { right: 32, kind: "sees", text: "its phone number, carrier and network addresses" },
  { right: 256, kind: "sees", text: "which apps are installed" },
  { right: 1, kind: "sees", text: "which configuration profiles are installed" },
  { right: 64, kind: "sees", text: "which provisioning profiles for in-house apps are installed" },
  { right: 512, kind: "sees", text: "which restrictions are in force" },
  { right: 1024, kind: "sees", text: "whether it has a passcode and is encrypted" },
  {
    right: 2,
    kind: "does",
    text: "set it up with profiles: Wi-Fi, VPN, mail, certificates, passcode rules and restrictions",
  },
  { right: 4096, kind: "does", text: "install apps and remove the ones it installed" },
  { right: 2048, kind: "does", text: "change settings, such as its name or roaming" },
  { right: 128, kind: "does", text: "add and remove provisioning profiles for in-house apps" },
  { right: 4, kind: "does", text: "lock it and remove its passcode" },
  { right: 8, kind: "does", text: "erase everything on it" },
];

const userEnrollment: RightsInWords = {
  sees: [
    "the device’s name, model, system version, free space and battery level",
    "the apps, accounts and profiles it installed itself",
    "whether the passcode follows its rules",
  ],
  does: [
    "add accounts, apps and settings for work, kept apart from yours",
    "ask for a passcode of six digits",
    "lock the screen of an iPhone or iPad",
    "remove what it added",
  ],
};

/** What a user enrollment keeps from the organization, whatever it asks for. */
export const keptPrivate: RightsInWords = {
  sees: [
    "your own apps, and which ones you have",
    "your mail, messages, photos, calendars, contacts and documents",
    "which web pages you open, and where the device is",
    "its serial number, phone number and other numbers that never change",
    "your passcode",
  ],
  does: [
    "erase the device or anything of yours",
    "remove your passcode",
    "change how the device works for you, beyond what is listed above",
    "keep you from ending it: remove the profile in Settings at any time, and all that belongs to work goes with it",
  ],
};

/** Without rights it is a user enrollment, which affects only work data. */
export function rightsInWords(accessRights: number | undefined): RightsInWords {
  if (accessRights === undefined) return userEnrollment;
  const granted = (kind: keyof RightsInWords): string[] =>
    words.filter((one) => one.kind === kind && (accessRights & one.right) !== 0).map(({ text }) => text);
  return { sees: granted("sees"), does: granted("does") };
}
