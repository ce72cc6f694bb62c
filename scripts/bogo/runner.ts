// The runner, compiled with one file of ours added, and what it is given to run: our client in one file of JavaScript.
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { toPem } from "../../src/pki/pem.ts";
import { testIdentity } from "../../test/support/test-pki.ts";
import { startProgram } from "../children.ts";
import { Trouble } from "../trouble.ts";
import { errorMap } from "./listed.ts";

export type Result = { actual: "PASS" | "FAIL" | "SKIP"; error?: string };
export type Results = Record<string, Result>;

const here = import.meta.dirname;

/** By an overlay of Go's: the checkout itself is not touched. */
export async function buildRunner(source: string, folder: string): Promise<string> {
  const main = readFileSync(join(source, "runner.go"), "utf8");
  const call = "\n\tcheckTests()\n";
  if (main.split(call).length !== 2) throw new Trouble("this runner is another than the one that was known");
  const changed = join(folder, "runner.go");
  writeFileSync(changed, main.replace(call, `\n\tserveAsPushServersDo()${call}`));
  const overlay = join(folder, "overlay.json");
  const Replace = {
    [join(source, "runner.go")]: changed,
    [join(source, "push_server.go")]: resolve(here, "push_server.go"),
  };
  writeFileSync(overlay, JSON.stringify({ Replace }));
  const program = join(folder, "runner");
  await finished("go", ["test", "-c", "-overlay", overlay, "-o", program, "."], source);
  return program;
}

export async function buildShim(folder: string): Promise<string> {
  const bundle = join(folder, "shim.mjs");
  await build({
    entryPoints: [resolve(here, "shim.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: bundle,
  });
  const shim = join(folder, "shim");
  // Most tests are for servers, or for protocols that we do not speak: Node need not start to say so.
  const script = `#!/bin/sh
for flag; do
  case $flag in
    -server|-dtls|-quic) exit 89;;
    -is-handshaker-supported) echo No; exit 0;;
  esac
done
exec "${process.execPath}" "${bundle}" "$@"
`;
  writeFileSync(shim, script, { mode: 0o755 });
  return shim;
}

type Run = { runner: string; shim: string; folder: string; pattern: string | undefined; workers: number };

export async function runTests({ runner, shim, folder, pattern, workers }: Run): Promise<Results> {
  const [config, output] = [join(folder, "config.json"), join(folder, "results.json")];
  writeFileSync(config, JSON.stringify({ ErrorMap: errorMap }));
  const args = [
    ...["-shim-path", shim, "-shim-config", config, "-json-output", output],
    ...["-num-workers", String(workers), "-idle-timeout", "10s", "-allow-unimplemented", "-pipe"],
    ...["-shim-extra-flags", (await identityFlags(folder)).join(";")],
    ...(pattern === undefined ? [] : ["-test", pattern]),
  ];
  // Its exit code says that tests failed, which we judge ourselves.
  const child = startProgram(runner, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  await once(child, "exit");
  return (JSON.parse(readFileSync(output, "utf8")) as { tests: Results }).tests;
}

/** Our client always has a certificate; a test that cares brings another one. */
async function identityFlags(folder: string): Promise<string[]> {
  const { certificate, keys } = await testIdentity({ commonName: "edgemdm" });
  const [certificateFile, keyFile] = [join(folder, "client.pem"), join(folder, "client-key.pem")];
  writeFileSync(certificateFile, toPem("CERTIFICATE", certificate.der));
  writeFileSync(keyFile, toPem("PRIVATE KEY", keys.pkcs8));
  return ["-cert-file", certificateFile, "-key-file", keyFile];
}

async function finished(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = startProgram(program, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Trouble(`${program} ${args.join(" ")} ended with ${code}`);
}
