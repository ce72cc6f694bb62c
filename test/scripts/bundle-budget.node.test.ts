import { expect, test } from "vitest";
import { eagerModules, importChain } from "../../scripts/budget/bundle.ts";
import { budget, judge } from "../../scripts/budget/limits.ts";

const from = (...paths: string[]) => ({ imports: paths.map((path) => ({ path, kind: "import-statement" })) });
const later = (path: string) => ({ imports: [{ path, kind: "dynamic-import" }] });
const pkijs = "node_modules/pkijs/build/index.js";
const figures = { minifiedKiB: 1, gzipKiB: 1, eagerKiB: 1, emptyStarts: 1 };

test("what only an import() reaches does not run at start", () => {
  const inputs = {
    "src/index.ts": from("src/app.ts"),
    "src/app.ts": later("src/pki/heavy/ca.ts"),
    [pkijs]: from(),
  };
  const eager = eagerModules({ inputs: { ...inputs, "src/pki/heavy/ca.ts": from(pkijs) } }, "src/index.ts");

  expect([...eager.keys()]).toEqual(["src/index.ts", "src/app.ts"]);
  expect(judge(figures, { eager, modules: [] }).complaints).toEqual([]);
});

test("a heavy library that runs at start is named with the way it came by", () => {
  const inputs = { "src/index.ts": from("src/app.ts", pkijs), "src/app.ts": from(pkijs), [pkijs]: from() };
  const eager = eagerModules({ inputs }, "src/index.ts");

  expect(importChain({ eager }, pkijs)).toEqual(["src/index.ts", pkijs]);
  expect(judge(figures, { eager, modules: [] }).complaints).toEqual([
    `pkijs runs at start: reach it by \`await import\` only. It comes by src/index.ts -> ${pkijs}`,
  ]);
});

test("each figure over its budget is a complaint; what could not be measured is none", () => {
  const { table, complaints } = judge(
    { ...figures, gzipKiB: budget.gzipKiB + 1, emptyStarts: undefined },
    { eager: new Map(), modules: [] },
  );

  expect(complaints).toEqual([`gzip: ${budget.gzipKiB + 1} KiB is over the budget of ${budget.gzipKiB} KiB`]);
  expect(table).toContain("not measured here");
});

test("nothing of the console is in the Worker", () => {
  const modules = ["src/index.ts", "console/src/main.tsx", "node_modules/preact/dist/preact.mjs"];

  expect(judge(figures, { eager: new Map(), modules }).complaints).toEqual([
    "console/src/main.tsx is of the console, and in the Worker",
    "node_modules/preact/dist/preact.mjs is of the console, and in the Worker",
  ]);
});
