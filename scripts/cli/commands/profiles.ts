import { contentOf, libraryCommand } from "../library.ts";
import { relative } from "../times.ts";

export const command = libraryCommand({
  path: "/profiles",
  one: "profile",
  columns: [
    { title: "IDENTIFIER", value: ({ identifier }) => identifier as string, gives: true },
    { title: "NAME", value: ({ display_name, name }) => (display_name ?? name) as string, gives: true },
    { title: "VERSION", value: ({ version }) => version as number },
    { title: "CHANGED", value: ({ updated_at }) => relative(updated_at) },
  ],
  bodyOf: (file) => ({
    bytes: contentOf(file),
    type: file.endsWith(".json") ? "application/json" : "application/x-apple-aspen-config",
  }),
  also: "FILE is a .mobileconfig, or .json; - reads a .mobileconfig from standard input.",
});
