import { folderOf, ownBaselines } from "../baseline/index-file.ts";
import { filesIn, partsOf, renamedSets } from "../baseline/parts.ts";
import { type Command, WrongCall } from "../command.ts";

const usage = `${ownBaselines.join(" | ")} | status NAME|DIR | mscp PATH`;

export const command: Command = {
  words: `[${usage}]`,
  count: [1, 2],
  options: {
    set: { takes: "NAME", help: "the set that gets it; it is made if it is missing" },
    plan: { help: "show what would change, and change nothing" },
    yes: { help: "do not ask" },
    baseline: { takes: "NAME", help: "mscp: which, such as cis_lvl1; without it, all are listed" },
    out: { takes: "DIR", help: "mscp: where the files go, which edgemdm apply takes" },
    platform: {
      takes: "SYSTEM",
      help: "mscp: macOS, iOS or visionOS, where a baseline is there for several",
    },
    os: {
      takes: "VERSION",
      help: "mscp: devices from this version on, such as 15.0; the newest unless told",
    },
    value: { takes: "RULE=VALUE", many: true, help: "mscp: a value that a rule leaves to the organization" },
    tag: { takes: "TAG", help: "mscp: only devices with this tag get it; the set's name unless told" },
    all: { help: "mscp: every device of the platform gets it, not only those with the tag" },
  },
  also: "status ends with exit code 3 while a rule drifts. mscp: PATH is a checkout of https://github.com/usnistgov/macos_security. See docs/baselines.md.",
  async run(given, runtime) {
    const [what = "", word] = given.words;
    if (what === "status" && word !== undefined)
      return (await import("../baseline/status.ts")).status(word, given, runtime);
    if (what === "mscp" && word !== undefined)
      return (await import("../baseline/mscp.ts")).mscp(word, given, runtime);
    if (word !== undefined || what === "status" || what === "mscp")
      throw new WrongCall(`edgemdm baseline ${usage}`);
    const parts = await partsOf(filesIn(folderOf(what)));
    const set = given.value("set");
    const { install } = await import("../baseline/install.ts");
    await install(what, set === undefined ? parts : renamedSets(parts, set), given, runtime);
    const which = set === undefined ? "" : ` --set ${set}`;
    if (!runtime.screen.isJson)
      runtime.screen.say(
        `edgemdm baseline status ${what}${which} tells which devices do not keep which rule.`,
      );
  },
};
