// Makes what the client knows of the API from the description that the Worker itself gives: `npm run client`.
import { resolve } from "node:path";
import { readArguments } from "./arguments.ts";
import { askDescription } from "./client/ask-description.ts";
import { makeClient } from "./client/make.ts";

readArguments({
  name: "npm run client",
  does: "Makes the types of the API, and the client that other programs load. Run it after each change of the API.",
  options: {},
});

makeClient(await askDescription(), resolve(import.meta.dirname, "../client"));
