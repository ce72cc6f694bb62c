import type { ShelfWords } from "./shelf-words.ts";

const ask = "Ask the people who look after your devices.";

export const words: ShelfWords = {
  locale: "en-GB",
  title: (organization) => `Self-service of ${organization}`,
  heading: "Choose what you need",
  intro: (organization, device) =>
    `${organization} offers this for ${device}. What you install or remove here changes this device only.`,
  thisDevice: "this device",
  empty: "Nothing is offered for this device at present.",
  kinds: { profile: "Settings", declaration: "Settings", app: "App" },
  states: {
    available: "Not installed",
    installing: (since) => `Being installed, requested ${since}`,
    waiting_for_licence: "Waiting for a licence",
    waiting_for_person: "Waiting for you",
    installed: "Installed",
    failed: "Not installed: it did not work",
    not_applicable: "Not for this device",
    removing: (since) => `Being removed, requested ${since}`,
  },
  help: {
    installing: "Keep the device switched on and connected to the internet.",
    waiting_for_licence: "All licences are taken. It goes on by itself as soon as there is one.",
    waiting_for_person: "Your device asks you something: look for a message on its screen, and accept it.",
    failed: `The server tries again by itself. If it stays like this: ${ask.toLowerCase()}`,
    not_applicable: "This kind of device, or its system, cannot use it. You can remove your choice.",
    removing: "Keep the device switched on and connected to the internet.",
  },
  install: "Install",
  remove: "Remove",
  cancel: "Cancel",
  of: (button, name) => `${button}: ${name}`,
  again: "Check again",
  reloads: "This page is renewed by itself while something is under way.",
  contact: "Questions?",
  link: {
    title: "This link does not work",
    why: "It is not complete, it was replaced by a new one, or the device is no longer managed.",
    next: `Open the page from the icon on your device. If there is none, or it does not help: ${ask.toLowerCase()}`,
  },
  notOffered: {
    title: "This is no longer offered",
    why: "It was changed meanwhile. Nothing was installed or removed.",
    next: "Go back to the list to see what is offered now.",
  },
  elsewhere: {
    title: "Please choose again on the page itself",
    why: "The request came from another page, so nothing was changed.",
    next: "Go back to the list and choose there.",
  },
  busy: {
    title: "Too many requests",
    why: "There were too many requests within a minute. Nothing was changed by this one.",
    next: "Wait a minute, then try again.",
  },
  fault: {
    title: "This does not work just now",
    why: "The server has a problem. Nothing is lost.",
    next: "Try again in a few minutes.",
  },
  back: "Back to the list",
};
