import { readEnv } from "../../env.ts";
import { harmful } from "../../selftest/judge.ts";
import { testFromOutside } from "../../selftest/keep.ts";
import { jobKind } from "../job-kind.ts";

/** Somebody may switch on a challenge for the whole domain at any time, and nothing else would tell. */
export const selftest = jobKind<null>(null, async (env, _cursor, now) => {
  const configuration = readEnv(env);
  const address = configuration.ok ? configuration.value.publicUrl : undefined;
  if (address === undefined)
    return {
      counts: {},
      remarks: [],
      ends: "done",
      outcome: "PUBLIC_URL is not set: there is nothing to ask",
    };
  const { findings } = await testFromOutside(env, address, now);
  const bad = harmful(findings);
  return {
    counts: { asked: findings.length, "not ours": bad.length },
    remarks: bad.map(({ request, detail }) => ({ about: request, detail })),
    ends: "done",
    outcome: bad.length === 0 ? "devices reach this server" : "something in front keeps devices out",
  };
});
