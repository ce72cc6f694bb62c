// Runs one of the TypeScript scripts beside it: `node scripts/launch.mjs start --port 9000`.
// Plain JavaScript, so that a Node too old for the rest can still say so.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const [script, ...args] = process.argv.slice(2);
const [major, minor] = process.versions.node.split(".").map(Number);
const here = import.meta.url;

// npm, told to end, tells only its shell, and the shell tells nobody: having lost its parent must be sign enough.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGTERM"), 500).unref();
}

if (!existsSync(new URL("../node_modules/wrangler/package.json", here))) {
  fail("the dependencies are not installed: run npm ci first");
} else if (major < 22 || (major === 22 && minor < 12)) {
  fail(
    `edgemdm needs Node 22.12 or newer and this is ${process.versions.node}: ` +
      "npm ci brings a newer one along on Linux (use npm run …), elsewhere install it from https://nodejs.org",
  );
} else if (process.features.typescript) {
  withoutForeignWarnings();
  keepCompiled();
  // A script finds its arguments where it would if it had been called itself.
  process.argv.splice(1, 2, fileURLToPath(new URL(`./${script}.ts`, here)));
  await import(`./${script}.ts`).catch(refuseOrThrow);
} else {
  // Node 22.12 to 22.17 reads TypeScript only when told to.
  const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, ...process.argv.slice(1, 3), ...args], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

// Wrangler is started several times by one deployment, and each start compiles the same megabytes.
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../node_modules/.cache/node", here));
  module.enableCompileCache?.();
}

/** What a script refuses before it runs is a sentence; only bugs show a stack. */
function refuseOrThrow(/** @type {unknown} */ error) {
  if (!(error instanceof Error) || error.constructor.name !== "Trouble") throw error;
  fail(error.message);
}

/** @param {string} sentence */
function fail(sentence) {
  console.error(`\n${sentence}\n`);
  process.exitCode = 1;
}

/** Warnings that no reader of them can heed. */
function withoutForeignWarnings() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) =>
    /^(Type Stripping|stripTypeScriptTypes) |`punycode` module/.test(String(warning))
      ? undefined
      : emitWarning.call(process, warning, ...rest);
}
