// Makes what the client knows of the API from the description that the Worker itself gives: `npm run client`.
import { resolve } from "node:path";
import { readArguments } from "./arguments.ts";
import { makeClient } from "./client/make.ts";

readArguments({
  name: "npm run client",
  does: "Makes the types of the API, and the client that other programs load. Run it after each change of the API.",
  options: {},
});

// Loaded when asked for: it starts the Worker.
const { askDescription } = await import("./client/ask-description.ts");
makeClient(await askDescription(), resolve(import.meta.dirname, "../client"));
