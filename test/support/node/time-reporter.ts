import type { Reporter, TestModule } from "vitest/node";

const slowest = 12;

type Times = { setup: number; load: number; tests: number };

/** Says at the end where the time of a whole run went: which files are dear, and what each project spends on loading. */
export class TimeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length < slowest) return;
    const files = modules.map((module) => ({ module, times: timesOf(module) }));
    const byProject = Map.groupBy(files, ({ module }) => module.project.name);
    const lines = [...byProject].map(([project, own]) => {
      const sum = own.map(({ times }) => times).reduce(added);
      return `  ${seconds(total(sum))}  ${project}: ${own.length} files; setup ${bare(sum.setup)}, loading ${bare(sum.load)}, tests ${bare(sum.tests)}`;
    });
    const dear = files.sort((a, b) => total(b.times) - total(a.times)).slice(0, slowest);
    const dearLines = dear.map(
      ({ module, times }) => `  ${seconds(total(times))}  ${module.relativeModuleId}`,
    );
    console.log(
      [
        "",
        "Where the time went, in seconds of all workers:",
        ...lines,
        "The slowest files:",
        ...dearLines,
        "",
      ].join("\n"),
    );
  }
}

function timesOf(module: TestModule): Times {
  const { environmentSetupDuration, prepareDuration, setupDuration, collectDuration, duration } =
    module.diagnostic();
  return {
    setup: environmentSetupDuration + prepareDuration + setupDuration,
    load: collectDuration,
    tests: duration,
  };
}

const added = (a: Times, b: Times): Times => ({
  setup: a.setup + b.setup,
  load: a.load + b.load,
  tests: a.tests + b.tests,
});
const total = ({ setup, load, tests }: Times): number => setup + load + tests;
const bare = (ms: number): string => (ms / 1000).toFixed(1);
const seconds = (ms: number): string => bare(ms).padStart(7);
