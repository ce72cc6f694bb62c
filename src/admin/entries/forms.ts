import * as v from "valibot";

// Forms that many settings have.

export const wholeNumber = (from: number, to: number, description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to), v.description(description));

export const flag = (description: string) => v.pipe(v.boolean(), v.description(description));
