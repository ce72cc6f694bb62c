// Subcommands that are scripts of the project: the same program, told which server and which token.
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Server } from "./server.ts";

const launch = resolve(import.meta.dirname, "../launch.mjs");

export function runScript(name: string, args: readonly string[], server?: Server): Promise<number> {
  const child = spawn(process.execPath, [launch, name, ...args], {
    stdio: "inherit",
    env: { ...process.env, ...(server && { EDGEMDM_TOKEN: server.token }) },
  });
  return new Promise((done) => child.once("exit", (code) => done(code ?? 1)));
}
