// What is done already, in a file beside the one that is imported: a run that was interrupted goes on where it ended.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { writing } from "../trouble.ts";

export type Progress = { has(name: string): boolean; add(name: string): void };

export function progressIn(file: string): Progress {
  const done = new Set(existsSync(file) ? readFileSync(file, "utf8").split("\n") : []);
  return {
    has: (name) => done.has(name),
    add: (name) => {
      done.add(name);
      writing(file, () => appendFileSync(file, `${name}\n`, { mode: 0o600 }));
    },
  };
}
