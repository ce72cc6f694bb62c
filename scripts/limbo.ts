// What our checks of certification paths say of x509-limbo's cases: `npm run limbo -- --file limbo.json`.
// The file is in github.com/C2SP/x509-limbo. Each case that we judge otherwise has a row in docs/security.md with the reason.

import { readFileSync, writeFileSync } from "node:fs";
import { explainedBy, judge, type LimboCase, notForUs } from "../test/support/limbo.ts";
import { readArguments } from "./arguments.ts";
import { run } from "./run.ts";
import { Trouble } from "./trouble.ts";

const longestFixture = 8 * 1024;

await run(async () => {
  const values = readArguments({
    name: "npm run limbo",
    does: "What our checks of certification paths say of x509-limbo's cases.",
    options: {
      file: { takes: "FILE", help: "limbo.json of github.com/C2SP/x509-limbo" },
      fixture: { takes: "FILE", help: "write the cases that the suite holds" },
    },
  });
  if (!values.file) throw new Trouble("which file? npm run limbo -- --file PATH/limbo.json");
  const { testcases } = JSON.parse(readFileSync(values.file, "utf8")) as { testcases: LimboCase[] };
  const isExplained = explainedBy(readFileSync(new URL("../docs/security.md", import.meta.url), "utf8"));

  const ours = testcases.filter((limbo) => notForUs(limbo) === undefined);
  const unexplained: string[] = [];
  let different = 0;
  let slowest = 0;
  for (const limbo of ours) {
    const from = performance.now();
    const verdict = await judge(limbo);
    slowest = Math.max(slowest, performance.now() - from);
    if (verdict.ok !== (limbo.expected_result === "SUCCESS")) different++;
    if (isExplained(limbo, verdict)) continue;
    const said = verdict.ok ? "accepted" : `refused: ${verdict.refusal.why}`;
    unexplained.push(`${limbo.id}: limbo says ${limbo.expected_result}, we ${said}`);
  }

  if (values.fixture) writeFileSync(values.fixture, compact(ours));
  console.log(`${testcases.length} cases, ${ours.length} of them for us, ${different} judged otherwise`);
  for (const [why, count] of countsOf(testcases)) console.log(`  ${count} not for us: ${why}`);
  console.log(`the slowest took ${slowest.toFixed(0)} ms`);
  if (unexplained.length > 0) {
    throw new Trouble(`not as docs/security.md says:\n  ${unexplained.join("\n  ")}`);
  }
});

function countsOf(testcases: readonly LimboCase[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const why of testcases.map(notForUs)) if (why) counts.set(why, (counts.get(why) ?? 0) + 1);
  return counts;
}

/** For the suite: the fields that are looked at, without the cases that are large on purpose, name real servers, or come in thousands. */
function compact(testcases: readonly LimboCase[]): string {
  const kept = testcases
    .filter(({ id }) => !/^(online|bettertls)::/.test(id))
    .map((limbo) => JSON.stringify(fieldsOf(limbo)))
    .filter((line) => line.length <= longestFixture);
  return `[\n${kept.join(",\n")}\n]\n`;
}

function fieldsOf(limbo: LimboCase): LimboCase {
  const { id, features, validation_kind, trusted_certs, untrusted_intermediates, peer_certificate } = limbo;
  const { validation_time, expected_result, expected_peer_name, max_chain_depth } = limbo;
  return {
    id,
    features,
    validation_kind,
    trusted_certs,
    untrusted_intermediates,
    peer_certificate,
    validation_time,
    expected_result,
    expected_peer_name,
    max_chain_depth,
  };
}
