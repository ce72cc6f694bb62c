import { readFileSync } from "node:fs";
import { causeOf, Trouble } from "../trouble.ts";

export function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Trouble(`cannot read ${file}: ${causeOf(error)}`, { cause: error });
  }
}

export type Import = { file: string; origin: string; token: string };

/** How many of what was asked for did not come to pass. */
export type Imported = { failed: number };
