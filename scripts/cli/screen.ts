// What people and programs read: tables that fit the terminal, or JSON.
import { styleText } from "node:util";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export type Column<Row> = {
  title: string;
  value: (row: Row) => unknown;
  /** Cells may be cut to fit; the others keep their width. */
  gives?: true;
  style?: (row: Row) => Style | undefined;
};

const narrowest = 8;

export class Screen {
  readonly isJson: boolean;

  constructor(isJson: boolean) {
    this.isJson = isJson;
  }

  /** Whether a person can be asked. */
  get isAttended(): boolean {
    return process.stdin.isTTY === true && process.stdout.isTTY === true && !this.isJson;
  }

  say(text = ""): void {
    console.log(text);
  }

  /** Beside the result: never mixed into what a program reads. */
  note(text: string): void {
    console.error(text);
  }

  json(value: unknown): void {
    console.log(JSON.stringify(value, null, 2));
  }

  /** `styleText` knows NO_COLOR, FORCE_COLOR and whether this is a terminal. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: process.stdout });
  }

  heading(text: string): void {
    this.say(this.style("bold", text));
  }

  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): void {
    const cells = rows.map((row) => columns.map(({ value }) => printable(value(row))));
    const used = columns.filter((_, at) => cells.some((line) => line[at] !== ""));
    const shown = columns.flatMap((column, at) => (used.includes(column) ? [at] : []));
    const widths = shrink(
      shown.map((at) => ({
        wants: Math.max(columns[at]?.title.length ?? 0, ...cells.map((line) => width(line[at] ?? ""))),
        gives: columns[at]?.gives === true,
      })),
      process.stdout.isTTY ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY,
    );
    const line = (texts: readonly string[], style: (at: number, text: string) => string) =>
      shown
        .map((at, place) => style(at, padded(cut(texts[at] ?? "", widths[place] ?? 0), widths[place] ?? 0)))
        .join("  ")
        .trimEnd();
    this.say(
      line(
        columns.map(({ title }) => title),
        (_, text) => this.style("dim", text),
      ),
    );
    rows.forEach((row, at) => {
      this.say(
        line(cells[at] ?? [], (column, text) => {
          const style = columns[column]?.style?.(row);
          return style ? this.style(style, text) : text;
        }),
      );
    });
  }

  /** Facts of one thing, a line each; what is not known is left out. */
  facts(facts: Readonly<Record<string, unknown>>): void {
    const known = Object.entries(facts).filter(
      ([, value]) => value !== null && value !== undefined && value !== "",
    );
    const widest = Math.max(...known.map(([name]) => name.length));
    for (const [name, value] of known)
      this.say(`  ${this.style("dim", name.padEnd(widest))}  ${printable(value)}`);
  }
}

/** Names come from devices: whatever steers a terminal is left out. */
export const printable = (value: unknown): string =>
  String(value ?? "").replace(/[\p{C}\u2028\u2029]/gu, (character) => (/\s/.test(character) ? " " : ""));

// East Asian characters and emoji take two columns.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const width = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0);

function cut(text: string, most: number): string {
  if (width(text) <= most) return text;
  let kept = "";
  for (const letter of text) {
    if (width(kept) + width(letter) > most - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

const padded = (text: string, to: number): string => text + " ".repeat(Math.max(0, to - width(text)));

/** Columns that give way share what is missing, the widest first. */
function shrink(columns: readonly { wants: number; gives: boolean }[], room: number): number[] {
  const widths = columns.map(({ wants }) => wants);
  const gaps = 2 * Math.max(0, columns.length - 1);
  for (let over = widths.reduce((a, b) => a + b, gaps) - room; over > 0; over--) {
    const widest = columns.reduce(
      (best, { gives }, at) => (gives && (best < 0 || (widths[at] ?? 0) > (widths[best] ?? 0)) ? at : best),
      -1,
    );
    if (widest < 0 || (widths[widest] ?? 0) <= narrowest) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
