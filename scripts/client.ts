// Makes what the client knows of the API from the description that the Worker itself gives: `npm run client`.
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";
import { readArguments } from "./arguments.ts";
import { askDescription } from "./client/ask-description.ts";
import { repeatableOf, typesOf } from "./client/types.ts";

readArguments({
  name: "npm run client",
  does: "Makes the types of the API and the built client in client/made. Run it after each change of the API.",
  options: {},
});

const folder = resolve(import.meta.dirname, "../client");
const description = await askDescription();
mkdirSync(`${folder}/made`, { recursive: true });
writeFileSync(`${folder}/made/api.ts`, typesOf(description));
writeFileSync(`${folder}/made/repeatable.ts`, repeatableOf(description));
