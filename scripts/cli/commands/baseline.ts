import { type Command, WrongCall } from "../command.ts";

const usage = "mscp PATH --baseline NAME --out DIR";

export const command: Command = {
  words: usage,
  count: [1, 2],
  options: {
    baseline: { takes: "NAME", help: "of mSCP, such as cis_lvl1; all names are listed without it" },
    platform: { takes: "SYSTEM", help: "macOS, iOS or visionOS, where a baseline is there for several" },
    os: { takes: "VERSION", help: "for devices from this version on, such as 15.0; the newest unless told" },
    value: { takes: "RULE=VALUE", many: true, help: "a value that a rule leaves to the organization" },
    out: { takes: "DIR", help: "where the files go, which edgemdm apply takes" },
    set: { takes: "NAME", help: "the set that has it; the baseline's name unless told" },
    tag: { takes: "TAG", help: "only devices with this tag get it; the set's name unless told" },
    all: { help: "every device of the platform gets it, not only those with the tag" },
  },
  also: "mscp: PATH is a checkout of https://github.com/usnistgov/macos_security, 2.x. See docs/baselines.md.",
  async run(given, runtime) {
    const [what, path] = given.words;
    if (what === "mscp" && path !== undefined)
      return (await import("../baseline/mscp.ts")).mscp(path, given, runtime);
    throw new WrongCall(`edgemdm baseline ${usage}`);
  },
};
