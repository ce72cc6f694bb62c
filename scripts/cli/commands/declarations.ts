import { libraryCommand } from "../library.ts";
import { relative } from "../times.ts";

export const command = libraryCommand({
  path: "/declarations",
  one: "declaration",
  columns: [
    { title: "IDENTIFIER", value: ({ identifier }) => identifier as string, gives: true },
    { title: "TYPE", value: ({ type }) => (type as string).replace(/^com\.apple\./, ""), gives: true },
    { title: "VERSION", value: ({ version }) => version as number },
    { title: "CHANGED", value: ({ updated_at }) => relative(updated_at) },
  ],
  also: 'FILE is JSON: {"type": "com.apple.configuration.passcode.settings", "payload": {…}}; - reads standard input.',
});
