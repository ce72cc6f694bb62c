// `npm run bogo -- --runner PATH`: our TLS client against the hostile servers of BoringSSL's test runner. PATH is a checkout
// of BoringSSL (https://boringssl.googlesource.com/boringssl), which stays as it is; Go must be installed.
// Every test that applies must pass, or be listed in bogo/listed.ts with the reason; a listed test must fail.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readArguments } from "./arguments.ts";
import { runInFolder } from "./bare/in-folder.ts";
import { judge } from "./bogo/judge.ts";
import { buildRunner, buildShim, runTests } from "./bogo/runner.ts";
import { Trouble } from "./trouble.ts";

const script = {
  name: "npm run bogo",
  does: "Our TLS client against the hostile servers of BoringSSL's test runner. Go must be installed.",
  options: {
    runner: { takes: "PATH", help: "a checkout of BoringSSL" },
    test: { takes: "PATTERN", help: "only these tests, as the runner takes their names" },
    workers: { takes: "N", help: "tests at the same time", otherwise: "4" },
  },
} as const;

await runInFolder("bogo", async (folder) => {
  const values = readArguments(script);
  const results = await runTests({
    runner: await buildRunner(runnerFolder(values.runner), folder),
    shim: await buildShim(folder),
    folder,
    pattern: values.test,
    workers: Number(values.workers),
  });
  const { counts, reasons, sentences } = judge(results, values.test === undefined);
  console.log(counts);
  for (const { tests, reason } of reasons) {
    if (tests > 0) console.log(`${String(tests).padStart(4)}  ${reason}`);
  }
  if (sentences.length > 0) throw new Trouble(sentences.join("\n"));
  console.log("Every test that applies passes, or fails as it is listed.");
});

function runnerFolder(checkout: string | undefined): string {
  const folder = join(resolve(checkout ?? ""), "ssl/test/runner");
  if (checkout !== undefined && existsSync(join(folder, "runner.go"))) return folder;
  throw new Trouble("name a checkout of BoringSSL: npm run bogo -- --runner PATH");
}
