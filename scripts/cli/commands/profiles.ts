import { contentOf, libraryCommand } from "../library.ts";
import { relative } from "../times.ts";

export const command = libraryCommand<"/profiles">({
  path: "/profiles",
  one: "profile",
  columns: [
    { title: "IDENTIFIER", value: ({ identifier }) => identifier, gives: true },
    { title: "NAME", value: ({ name }) => name, gives: true },
    { title: "VERSION", value: ({ version }) => version },
    { title: "CHANGED", value: ({ updated_at }) => relative(updated_at) },
  ],
  bodyOf: (file) => ({
    bytes: contentOf(file),
    type: file.endsWith(".json") ? "application/json" : "application/x-apple-aspen-config",
  }),
  also: "FILE is a .mobileconfig, or .json; - reads a .mobileconfig from standard input.",
});
