import * as v from "valibot";

/** A time in a body or a query, read as milliseconds. The description comes first: OpenAPI shows nothing after a transform. */
export const time = (description: string) =>
  v.pipe(
    v.string(),
    v.description(description),
    v.isoTimestamp("must be a time such as 2026-11-21T08:00:00Z"),
    v.transform((text) => Date.parse(text)),
  );

/** For answers. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
export const isoTimeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/** The same, as schemas of answers. */
export const Time = v.pipe(v.string(), v.isoTimestamp());
export const TimeOrNull = v.nullable(Time);
