import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

// A miniature in the form of mSCP 2.x, written for this test. docs/baselines.md tells what the real one gives.
const checkout = resolve(import.meta.dirname, "../fixtures/mscp");
const program = resolve(import.meta.dirname, "../../scripts/edgemdm.mjs");
const home = mkdtempSync(join(tmpdir(), "edgemdm-baseline-"));
afterAll(() => rmSync(home, { recursive: true }));

type Ended = { code: number; out: string; err: string };

const convert = (...args: string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [program, "baseline", "mscp", checkout, ...args],
      { cwd: home, env: { PATH: process.env.PATH ?? "", HOME: home, NO_COLOR: "1" } as NodeJS.ProcessEnv },
      (fault, out, err) => done({ code: fault === null ? 0 : Number(fault.code ?? 1), out, err }),
    );
  });
const read = (path: string): string => readFileSync(join(home, path), "utf8");
const filesIn = (folder: string) =>
  readdirSync(join(home, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(home, folder).length + 1))
    .toSorted();

describe("a baseline of mSCP", () => {
  test("becomes profiles, declarations, a set, and an index of its rules", async () => {
    const { code, out } = await convert("--baseline", "small", "--out", "small");

    expect(code).toBe(0);
    expect(out).toContain("macOS 26.0: small: 14 rules");
    expect(filesIn("small")).toEqual([
      "baseline.yaml",
      "declarations/mscp.small.passcode.settings.yaml",
      "declarations/mscp.small.softwareupdate.settings.yaml",
      "edgemdm.yaml",
      "profiles/mscp.small.ManagedClient.preferences.yaml",
      "profiles/mscp.small.applicationaccess.yaml",
      "profiles/mscp.small.loginwindow.yaml",
      "sets/small.yaml",
    ]);
    expect(parse(read("small/sets/small.yaml"))).toMatchObject({
      filter: { platform: "macos", os_min: "26", tag: "small" },
      activate: true,
      declarations: ["mscp.small.passcode.settings", "mscp.small.softwareupdate.settings"],
    });
  });

  test("keeps the rule beside each key, for people and for programs", () => {
    expect(read("small/profiles/mscp.small.applicationaccess.yaml")).toContain(
      "allowAirDrop: false # os_airdrop_off",
    );
    const { rules, not_covered } = parse(read("small/baseline.yaml"));
    const airdrop = rules.find(({ rule }: { rule: string }) => rule === "os_airdrop_off");
    expect(airdrop).toEqual({
      rule: "os_airdrop_off",
      title: "Disable AirDrop",
      places: [{ profile: "mscp.small.applicationaccess", keys: ["/allowAirDrop"] }],
    });
    expect(rules.length + not_covered.length).toBe(14);
  });

  test("lists what no profile can do, with the reason", async () => {
    const { not_covered } = parse(read("small/baseline.yaml"));
    const reasons = Object.fromEntries(
      not_covered.map(({ rule, reason }: Record<string, string>) => [rule, reason]),
    );

    expect(reasons).toEqual({
      os_sudo_file:
        "it is a part of a configuration file of com.apple.sudo, which would replace the whole file",
      os_script_only: "it needs a script on the device",
      os_by_itself: "the system is like that by itself",
      os_old_system: "it is not for macOS 26.0",
      os_other_value:
        "another rule before it wants another value of allowAirDrop of com.apple.applicationaccess",
      not_there: "the checkout has no such rule",
    });
  });

  test("joins what several rules put into one dictionary, and writes Apple's spelling", () => {
    expect(parse(read("small/declarations/mscp.small.softwareupdate.settings.yaml"))).toEqual({
      type: "com.apple.configuration.softwareupdate.settings",
      payload: { AutomaticActions: { Download: "AlwaysOn", InstallSecurityUpdate: "AlwaysOn" } },
    });
    expect(parse(read("small/profiles/mscp.small.ManagedClient.preferences.yaml")).PayloadContent).toEqual([
      {
        PayloadType: "com.apple.ManagedClient.preferences",
        PayloadContent: {
          "com.apple.dock": {
            Forced: [{ mcx_preference_settings: { "wvous-bl-corner": 0, "wvous-br-corner": 0 } }],
          },
        },
      },
    ]);
  });

  test("takes the value of the benchmark, the organization's own file, or the one of the command line", async () => {
    const passcode = "small/declarations/mscp.small.passcode.settings.yaml";
    expect(parse(read(passcode)).payload).toEqual({ MinimumLength: 10, PasscodeReuseLimit: 3 });
    expect(read("small/profiles/mscp.small.loginwindow.yaml")).toContain("Attention: Property of Example");

    const { out } = await convert(
      ...["--baseline", "small", "--out", "small", "--value", "pwpolicy_length=12"],
      ...["--value", "os_banner=Ours"],
    );

    expect(parse(read(passcode)).payload).toEqual({ MinimumLength: 12, PasscodeReuseLimit: 3 });
    expect(read("small/profiles/mscp.small.loginwindow.yaml")).toContain("Attention: Ours");
    expect(out).toMatch(/^pwpolicy_length +12 +Characters$/m);
  });

  test("is written with the same bytes each time, and loses what it does not have any more", async () => {
    await convert("--baseline", "small", "--out", "again");
    const before = filesIn("again").map((file) => read(join("again", file)));
    writeFileSync(join(home, "again/profiles/mscp.small.former.yaml"), "");
    writeFileSync(join(home, "again/profiles/mine.yaml"), "");

    await convert("--baseline", "small", "--out", "again");

    expect(filesIn("again")).toContain("profiles/mine.yaml");
    expect(filesIn("again")).not.toContain("profiles/mscp.small.former.yaml");
    rmSync(join(home, "again/profiles/mine.yaml"));
    expect(filesIn("again").map((file) => read(join("again", file)))).toEqual(before);
  });

  test("of an older system has that system's rules and values", async () => {
    const { out } = await convert("--baseline", "small", "--os", "15", "--out", "older", "--all");

    expect(out).toContain("2 are covered");
    const profile = parse(read("older/profiles/mscp.small.applicationaccess.yaml"));
    expect(profile.PayloadContent[0]).toMatchObject({ allowAirDrop: true, allowCamera: false });
    expect(parse(read("older/sets/small.yaml")).filter).toEqual({ platform: "macos", os_min: "15" });
  });

  test("for iPhones and iPads gives what needs supervision to supervised devices alone", async () => {
    await convert("--baseline", "phones", "--out", "phones", "--set", "all-phones");

    expect(filesIn("phones/sets")).toEqual([
      "all-phones-ipados-supervised.yaml",
      "all-phones-ipados.yaml",
      "all-phones-supervised.yaml",
      "all-phones.yaml",
    ]);
    expect(parse(read("phones/sets/all-phones-supervised.yaml"))).toMatchObject({
      profiles: ["mscp.phones.applicationaccess.supervised"],
      filter: { platform: "ios", os_min: "26", tag: "all-phones", supervised: true },
    });
    expect(parse(read("phones/sets/all-phones-ipados.yaml"))).toMatchObject({
      profiles: ["mscp.phones.applicationaccess"],
      filter: { platform: "ipados" },
    });
  });
});

describe("what is asked wrongly", () => {
  test.each([
    [["--baseline", "smal", "--out", "x"], "the checkout has no baseline smal; did you mean small?"],
    [["--baseline", "small"], "say --out DIR"],
    [
      ["--baseline", "small", "--os", "13", "--out", "x"],
      "no rule belongs to small on macOS 13; it is there for 26.0, 15.0",
    ],
    [
      ["--baseline", "small", "--platform", "windows", "--out", "x"],
      "--platform is one of macOS, iOS, not windows",
    ],
    [
      ["--baseline", "small", "--out", "x", "--value", "pwpolicy_length=3"],
      "--value pwpolicy_length=3: must be 4 or more",
    ],
    [
      ["--baseline", "small", "--out", "x", "--value", "nothing=3"],
      "--value nothing: the baseline has no such rule",
    ],
    [["--baseline", "small", "--out", "."], ". has other files and no baseline.yaml: name a new folder"],
  ])("%j", async (args, sentence) => {
    const { code, err } = await convert(...args);

    expect(code).toBe(1);
    expect(err).toContain(sentence);
  });

  test("without a name, the names are listed", async () => {
    const { out } = await convert();

    expect(out).toMatch(/^ {2}by_tag\n {2}phones\n {2}small$/m);
  });

  test("a folder that is no checkout", async () => {
    const { code, err } = await new Promise<Ended>((done) => {
      execFile(process.execPath, [program, "baseline", "mscp", home], (fault, out, err) =>
        done({ code: Number(fault?.code ?? 0), out, err }),
      );
    });

    expect(code).toBe(1);
    expect(err).toContain("is no checkout of mSCP 2.x: it has no src/mscp/data/rules");
  });
});
