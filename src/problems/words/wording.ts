export type Facts = Record<string, string | number | null>;

/** What a problem says: its title, its meaning, and what to do. */
export type Wording = {
  title: (facts: Facts) => string;
  means: string;
  todo: (facts: Facts) => string;
};

type Fact = Facts[string] | undefined;

/** Days and numbers of the facts, as they are written in a language. What is neither stays as it is. */
export const formatsOf = (locale: string) => {
  const dated = (options: Intl.DateTimeFormatOptions, form: RegExp) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    return (value: Fact): string =>
      typeof value === "string" && form.test(value) ? format.format(new Date(value)) : String(value ?? "");
  };
  const numbers = new Intl.NumberFormat(locale);
  return {
    day: dated({ dateStyle: "long" }, /^\d{4}-\d\d-\d\d$/),
    moment: dated({ dateStyle: "long", timeStyle: "long" }, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    count: (value: Fact): string => (typeof value === "number" ? numbers.format(value) : String(value ?? "")),
  };
};

export const isOne = (count: Fact): boolean => Number(count) === 1;

export const hasEnded = ({ days_left }: Facts): boolean => Number(days_left) < 0;

/** What a table says of a fact. undefined: a newer version found it, and this one has no words for it. */
export const said = <Entry>(table: Readonly<Record<string, Entry>>, key: Fact): Entry | undefined =>
  typeof key === "string" && Object.hasOwn(table, key) ? table[key] : undefined;
