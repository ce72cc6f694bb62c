import { listed } from "./listed.ts";
import type { Results } from "./runner.ts";

export type Judgement = {
  counts: Record<string, number>;
  /** How many tests fail for each reason that is listed. */
  reasons: { tests: number; reason: string }[];
  sentences: string[];
};

/** What is wrong is said in sentences: a test that fails and is not listed, and a list that says more than is true. */
export function judge(results: Results, isWhole: boolean): Judgement {
  const names = Object.keys(results);
  const ended = (how: string) => names.filter((name) => results[name]?.actual === how);
  const failed = ended("FAIL");
  const patterns = listed.flatMap(({ tests }) =>
    tests.map((pattern) => ({ pattern, form: formOf(pattern) })),
  );
  const isListed = (name: string) => patterns.some(({ form }) => form.test(name));
  const unlisted = failed.filter((name) => !isListed(name));
  const idle = patterns.filter(({ form }) => !failed.some((name) => form.test(name)));
  const better = ended("PASS").filter(isListed);
  return {
    counts: {
      tests: names.length,
      unimplemented: ended("SKIP").length,
      run: names.length - ended("SKIP").length,
      passed: ended("PASS").length,
      listed: failed.length - unlisted.length,
      failed: unlisted.length,
    },
    reasons: listed.map(({ tests, reason }) => {
      const forms = tests.map(formOf);
      return { tests: failed.filter((name) => forms.some((form) => form.test(name))).length, reason };
    }),
    sentences: [
      ...unlisted.map((name) => `${name} fails:\n${results[name]?.error}`),
      ...better.map((name) => `${name} passes, though it is listed`),
      ...(isWhole ? idle.map(({ pattern }) => `${pattern} is listed, and no such test fails`) : []),
    ],
  };
}

const formOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[.+?^$()[\]{}|\\]/g, "\\$&").replaceAll("*", ".*")}$`);
