import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";

// Whoever tries a script meets its help, and one sentence when an option is mistyped.

const project = resolve(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(resolve(project, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

const launched = Object.entries(scripts).flatMap(([name, line]) => {
  const script = /^node scripts\/launch\.mjs (\S+)$/.exec(line)?.[1];
  return script === undefined ? [] : [{ name, script }];
});

function launch(
  script: string,
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [resolve(project, "scripts/launch.mjs"), script, ...args], {
    cwd: project,
    env: { ...process.env, npm_lifecycle_event: "" },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (said.out += chunk));
  child.stderr.on("data", (chunk) => (said.err += chunk));
  return new Promise((done) => child.on("close", (code) => done({ code, ...said })));
}

describe.concurrent.each(launched)("npm run $name", ({ name, script }) => {
  const called = name === "start" ? "npm start" : `npm run ${name}`;

  test("explains itself with --help, and does nothing else", async () => {
    const { code, out, err } = await launch(script, "--help");

    expect([code, err]).toEqual([0, ""]);
    expect(out.startsWith(called), out).toBe(true);
    expect(out.length).toBeLessThan(3000);
  });

  test("refuses a mistyped option with the near miss, without a stack", async () => {
    const { code, out, err } = await launch(script, "--halp");

    expect(code).not.toBe(0);
    expect(err).toContain(`${called} knows no option --halp; did you mean --help?`);
    expect(out + err).not.toMatch(/^\s+at /m);
  });
});

test("every script of this project is started by launch.mjs, which knows its Node", () => {
  expect(launched.length).toBeGreaterThan(20);
});
