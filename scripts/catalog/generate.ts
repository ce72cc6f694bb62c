// npm run catalog -- --checkout PATH [--former PATH]
// Reads a checkout of https://github.com/apple/device-management and writes src/catalog/data. With a checkout of an older
// release too, what that one had and the newer has not is kept, marked as removed. See docs/catalog.md.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { readArguments } from "../arguments.ts";
import { Trouble } from "../trouble.ts";
import { buildCatalogue } from "./catalogue.ts";
import { changesBetween } from "./changes.ts";
import { readCheckout } from "./checkout.ts";
import { withFormer } from "./releases.ts";
import { readPacked, renderData } from "./render.ts";

const { checkout: path, former } = readArguments({
  name: "npm run catalog",
  does: "Reads a checkout of https://github.com/apple/device-management and writes src/catalog/data.",
  options: {
    checkout: { takes: "PATH", help: "the checkout" },
    former: {
      takes: "PATH",
      help: "one of an older release, of which everything is kept, marked as removed",
    },
  },
});
if (!path)
  throw new Trouble("name a checkout of Apple's device-management: npm run catalog -- --checkout PATH");

const target = resolve(import.meta.dirname, "../../src/catalog/data");
const newer = readCheckout(path);
const checkout = former === undefined ? newer : withFormer(newer, readCheckout(former));
const catalogue = buildCatalogue(checkout);
const files = renderData(catalogue, checkout.licence);

mkdirSync(target, { recursive: true });
for (const name of readdirSync(target)) if (!files.has(name)) rmSync(resolve(target, name));
for (const [name, text] of files) {
  const file = resolve(target, name);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const { added, gone, changed } = changesBetween(before, text);
  for (const entry of added) console.log(`new: ${entry}`);
  for (const entry of gone) console.log(`gone: ${entry}`);
  for (const entry of changed) console.log(`changed: ${entry}`);
  if (before !== text && !sameFacts(before, text)) writeFileSync(file, text);
}
console.log(`${catalogue.release.files} files read into ${target}`);
for (const what of catalogue.unread) console.log(`not understood: ${what}`);

/** Compressed bytes may differ between versions and processors; the same facts under the same header stay untouched. */
function sameFacts(before: string, after: string): boolean {
  const head = (text: string) => text.slice(0, text.indexOf("packed ="));
  const [old, now] = [readPacked(before), readPacked(after)];
  return old.length > 0 && head(before) === head(after) && old.join("\n") === now.join("\n");
}
