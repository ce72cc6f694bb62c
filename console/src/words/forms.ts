// How numbers, dates and plurals are said in the language of the console.
import { language } from "./language.ts";

/** To make one takes far longer than to use it, and a long list uses thousands. */
function kept<Format>(make: (language: string) => Format): () => Format {
  const made = new Map<string, Format>();
  return () => {
    const of = language.value;
    const known = made.get(of) ?? make(of);
    made.set(of, known);
    return known;
  };
}

const numbers = kept((of) => new Intl.NumberFormat(of));
const percents = kept((of) => new Intl.NumberFormat(of, { style: "percent", maximumFractionDigits: 0 }));
const plurals = kept((of) => new Intl.PluralRules(of));
const dates = kept((of) => new Intl.DateTimeFormat(of, { dateStyle: "medium" }));
const moments = kept((of) => new Intl.DateTimeFormat(of, { dateStyle: "medium", timeStyle: "short" }));
const distances = kept((of) => new Intl.RelativeTimeFormat(of, { numeric: "auto", style: "long" }));

export const number = (value: number): string => numbers().format(value);

export const percent = (share: number): string => percents().format(share);

/** `plural(2, { one: "# device", other: "# devices" })`; `#` is the number. */
export function plural(value: number, forms: { one?: string; many?: string; other: string }): string {
  const form = plurals().select(value);
  const said = (form === "one" ? forms.one : form === "many" ? forms.many : undefined) ?? forms.other;
  return said.replaceAll("#", number(value));
}

type When = string | number | Date;

export const dateOf = (when: When): string => dates().format(new Date(when));

export const dateTimeOf = (when: When): string => moments().format(new Date(when));

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days", "now". */
export function relative(when: When, now: number): string {
  const seconds = (new Date(when).getTime() - now) / 1000;
  const format = distances();
  const [unit, size] = steps.find(([, least]) => Math.abs(seconds) >= least) ?? ["second", 60];
  return unit === "second" ? format.format(0, "second") : format.format(Math.trunc(seconds / size), unit);
}

export function bytes(size: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = Math.min(units.length - 1, size < 1 ? 0 : Math.floor(Math.log10(size) / 3));
  return new Intl.NumberFormat(language.value, {
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  }).format(size / 1000 ** step);
}

/** "40 seconds", "3 minutes", "2 days". */
export function duration(seconds: number): string {
  const [unit, size] = steps.find(([, least]) => seconds >= least) ?? (["second", 1] as const);
  return new Intl.NumberFormat(language.value, {
    style: "unit",
    unit,
    unitDisplay: "long",
    maximumFractionDigits: 0,
  }).format(Math.floor(seconds / size));
}
