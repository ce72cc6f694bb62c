import { placeholderWarning } from "../../../enrollment/enrollment-terms.ts";
import type { Words } from "./words.ts";

export const en: Words = {
  locale: "en-GB",
  title: (organization) => `Enroll with ${organization}`,
  heading: (organization) => `Let ${organization} manage this device`,
  button: "Download profile",
  intro: (organization, host) =>
    `After you install a profile, ${organization} can set up and look after the device through ${host}. Read below what that means.`,
  scan: "To enroll an iPhone or iPad, scan this code with its camera. To enroll this Mac, use the button.",
  elsewhere:
    "Only Apple devices can be enrolled. Scan this code with the camera of your iPhone or iPad, or open this page on your Mac.",
  qr: "QR code with the address of this page",
  notForUse: "Not for use.",
  placeholder: placeholderWarning,
  sees: (organization) => `${organization} can see`,
  does: (organization) => `${organization} can`,
  rights: {
    16: "the device’s name, model, serial number, system version and free space",
    32: "its phone number, carrier and network addresses",
    256: "which apps are installed",
    1: "which configuration profiles are installed",
    64: "which provisioning profiles for in-house apps are installed",
    512: "which restrictions are in force",
    1024: "whether it has a passcode and is encrypted",
    2: "set it up with profiles: Wi-Fi, VPN, mail, certificates, passcode rules and restrictions",
    4096: "install apps and remove the ones it installed",
    2048: "change settings, such as its name or roaming",
    128: "add and remove provisioning profiles for in-house apps",
    4: "lock it and remove its passcode",
    8: "erase everything on it",
  },
  userSees: [
    "the device’s name, model, system version, free space and battery level",
    "the apps, accounts and profiles it installed itself",
    "whether the passcode follows its rules",
  ],
  userDoes: [
    "add accounts, apps and settings for work, kept apart from yours",
    "ask for a passcode of six digits",
    "lock the screen of an iPhone or iPad",
    "remove what it added",
  ],
  privacy:
    "Device management itself does not read your messages, photos or calls. What it installs is listed in the device’s settings at any time.",
  removable: "Removing the profile there ends it.",
  consent: "What you agree to",
  until: (time) => `This link works until ${time}.`,
  contact: "Questions?",
  after: "After the download",
  steps: {
    iphone: {
      title: "iPhone, iPad or Vision Pro",
      steps: [
        "Open this page in Safari and tap Download profile, then Allow.",
        "Open Settings. Near the top, tap Profile Downloaded, or Enroll in with the organization’s name. If it is not there: General, then VPN & Device Management.",
        "Tap Install and enter your passcode. Read what it says, and tap Install once more.",
        "Tap Trust, then Done.",
      ],
    },
    mac: {
      title: "Mac",
      steps: [
        "Click Download profile. If the browser asks, allow the download and open it.",
        "Open System Settings, then General, then Device Management (before macOS 15: Privacy & Security, then Profiles).",
        "Double-click the profile and click Install or Enroll.",
        "Enter the password of an administrator of this Mac.",
      ],
    },
    tv: {
      title: "Apple TV",
      steps: [
        "Apple TV has no browser: it takes the profile’s address instead, which is the address behind Download profile.",
        "Open Settings, then General, then Privacy & Security. Move to Share Apple TV Analytics without pressing it.",
        "Press Play/Pause on the remote, choose Add Profile, and enter the address.",
        "Choose Install, and confirm. Apple Configurator on a Mac can also install it.",
      ],
    },
  },
  problems: {
    unknown: {
      title: "This link is not known",
      why: "Part of it may be missing.",
      next: "Open it again from the message you got, or scan the code again. If that does not help, ask for a new one.",
    },
    expired: {
      title: "This link has expired",
      why: "It was good for some time only.",
      next: "Ask the person who sent it for a new one.",
    },
    "used-up": {
      title: "This link has been used",
      why: "It was good for a number of devices, and they have enrolled.",
      next: "If you just downloaded the profile, go on in Settings. Otherwise ask the person who sent the link for a new one.",
    },
    revoked: {
      title: "This link was withdrawn",
      why: "The person who made it has taken it back.",
      next: "Ask for a new one if you still need it.",
    },
    "no-code": {
      title: "You need an invitation",
      why: "Devices join by a link or a QR code that their organization gives out.",
      next: "Ask the people who look after your devices for one.",
    },
    "not-ready": {
      title: "This server cannot enroll devices yet",
      why: "Something is still missing in its settings. Your link stays good.",
      next: "Tell the people who sent you the link, and try again later.",
    },
    "too-old": {
      title: "This system is too old",
      why: "Your organization only enrolls devices whose system can prove to Apple what they are.",
      next: "Update the device in Settings, General, Software Update, and open the link again. Your link stays good.",
    },
    fault: {
      title: "That did not work",
      why: "Something failed on the server. Your link stays good.",
      next: "Try again in a minute.",
    },
  },
};
