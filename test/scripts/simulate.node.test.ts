import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LittleMdm } from "../support/node/little-mdm.ts";

const script = resolve(import.meta.dirname, "../../scripts/simulate.ts");
let mdm: LittleMdm;

beforeEach(async () => {
  mdm = await LittleMdm.start();
});
afterEach(() => mdm.stop());

type Run = { code: number | null; said: string };

function simulate(
  args: readonly string[],
  whenSaid?: { text: string; signal: NodeJS.Signals },
): Promise<Run> {
  const child = spawn(process.execPath, [script, "--url", mdm.origin, "--seed", "test", ...args], {
    env: { ...process.env, EDGEMDM_TOKEN: "let me in" },
  });
  let said = "";
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
    if (whenSaid && !child.killed && said.includes(whenSaid.text)) child.kill(whenSaid.signal);
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  return new Promise((done) => child.on("close", (code) => done({ code, said })));
}

const brief = ["--devices", "10", "--seconds", "1.2", "--interval", "0.1", "--commands", "0.8"];

test("a fleet of every flavour enrols, is given commands, answers all of them and leaves", async () => {
  const { code, said } = await simulate(brief);

  expect(said).toContain("enrolled  10 of 10");
  const [, queued, answered] = said.match(/commands {2}(\d+) queued, (\d+) answered/) ?? [];
  // How many there is time for depends on the machine.
  expect(Number(queued)).toBeGreaterThan(0);
  expect(answered).toBe(queued);
  expect(said).toMatch(/connect +\d+ requests +p50 [\d.]+ ms +p95 [\d.]+ ms +p99 [\d.]+ ms/);
  expect(said).toContain("no errors");
  expect(code).toBe(0);
  expect(mdm.enrolled.size).toBe(0);
});

test("what goes wrong is counted by kind and makes the run fail", async () => {
  mdm.trouble = { status: 400, every: 7 };

  const { code, said } = await simulate(brief);

  expect(said).toMatch(/\d+ × connecting: the server answered a connect with 400/);
  expect(code).toBe(1);
});

test("a command that the server took and never gave out is an error", async () => {
  mdm.forgetful = true;

  const { code, said } = await simulate(brief);

  expect(said).toMatch(/× commands: never came/);
  expect(code).toBe(1);
});

test("with --keep the devices stay enrolled, and an interrupt ends the run with its summary", async () => {
  const { code, said } = await simulate(
    ["--devices", "3", "--seconds", "600", "--interval", "0.1", "--keep"],
    {
      text: "enrolled 3/3",
      signal: "SIGINT",
    },
  );

  expect(said).toContain("enrolled  3 of 3");
  expect(said).toContain("stopped after");
  expect(code).toBe(0);
  expect(mdm.enrolled.size).toBe(3);
});

test.each([
  [["--devices", "none"], "--devices must be a whole number from 1"],
  [["--url", "ftp://example.com"], "--url ftp://example.com is no http or https address"],
  [["--bogus"], "--bogus"],
])("%j is refused with a reason", async (args, reason) => {
  const { code, said } = await simulate(args);

  expect(said).toContain(reason);
  expect(code).toBe(2);
});
