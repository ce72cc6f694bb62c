import { libraryCommand } from "../library.ts";
import { relative } from "../times.ts";

export const command = libraryCommand<"/declarations">({
  path: "/declarations",
  one: "declaration",
  columns: [
    { title: "IDENTIFIER", value: ({ identifier }) => identifier, gives: true },
    { title: "TYPE", value: ({ type }) => type.replace(/^com\.apple\./, ""), gives: true },
    { title: "VERSION", value: ({ version }) => version },
    { title: "CHANGED", value: ({ updated_at }) => relative(updated_at) },
  ],
  also: 'FILE is JSON: {"type": "com.apple.configuration.passcode.settings", "payload": {…}}; - reads standard input.',
});
