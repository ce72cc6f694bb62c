import { availableParallelism } from "node:os";
import type { Reporter, TestSpecification } from "vitest/node";

/** A run of all 233 files took 471 seconds on two cores. */
const secondsPerFile = 2;
const cores = 2;

/** Says at once what will run and for how long: the first result may be half a minute away. */
export class PlanReporter implements Reporter {
  onTestRunStart(specifications: readonly TestSpecification[]): void {
    const byProject = Map.groupBy(specifications, ({ project }) => project.name);
    const parts = [...byProject].map(([project, own]) => `${own.length} ${says[project] ?? project}`);
    console.log(
      `\n${specifications.length} test files: ${parts.join(", ")}. Usually ${howLong(specifications.length)}.\n`,
    );
  }
}

const says: Record<string, string> = {
  worker: "in the real Worker with its database",
  protocol: "of formats and protocols in workerd",
  node: "in Node, with real programs and sockets",
};

function howLong(files: number): string {
  const seconds = 15 + (files * secondsPerFile * cores) / Math.max(cores, availableParallelism());
  return seconds < 60 ? "less than a minute" : `about ${Math.round(seconds / 60)} minutes on this machine`;
}
