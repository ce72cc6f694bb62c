// The fenced examples of a page, and what the comment before each says about how it is tried.
//
//     <!-- not run: why it cannot run here -->
//     <!-- repeated until: text that its output has at last -->
//     <!-- in another terminal until: text that it prints once it works -->
//     <!-- saved as: devices.csv -->          a file that other examples of the page read
//     <!-- body of: PATCH /settings -->       JSON that is sent
//     <!-- answer to: GET /problems -->       JSON that the description of the API must allow
//
// Shell without a comment is run as it stands. Readers of the page see no comment.
import { readFileSync } from "node:fs";

export type Fence = {
  page: string;
  line: number;
  language: string;
  content: string;
  /** What the comment says, in two parts; undefined: there is none. */
  marker: { kind: string; text: string } | undefined;
};

const comment = /^\s*<!-- (?:([a-z ]+): )?(.+) -->$/;
const opening = /^( *)```(\w*)$/;

export function fencesOf(page: string, file: string): Fence[] {
  const lines = readFileSync(file, "utf8").split("\n");
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent, language] = (lines[at] ?? "").match(opening) ?? [];
    if (indent === undefined || language === undefined) {
      if (/^ *(```|~~~)/.test(lines[at] ?? "")) throw new Error(`${page}:${at + 1} is no fence as others are`);
      continue;
    }
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end < 0) throw new Error(`${page}:${at + 1} is never closed`);
    const [said, kind = "", text = ""] = (lines[at - 1] ?? "").match(comment) ?? [];
    fences.push({
      page,
      line: at + 1,
      language,
      content: lines
        .slice(at + 1, end)
        .map((line) => line.slice(indent.length))
        .join("\n"),
      marker: said === undefined ? undefined : { kind, text },
    });
    at = end;
  }
  return fences;
}

const known: Record<string, readonly (string | undefined)[]> = {
  sh: [undefined, "not run", "repeated until", "in another terminal until"],
  json: ["not run", "saved as", "body of", "answer to"],
};

/** Examples that nobody tries, and nobody said why. */
export const untried = (fences: readonly Fence[]): string[] =>
  fences
    .filter(({ language, marker }) => !(known[language] ?? ["not run", "saved as"]).includes(marker?.kind))
    .map(
      ({ page, line, language, marker }) =>
        `${page}:${line} ${language} ${marker ? `${marker.kind}: ${marker.text}` : "no comment"}`,
    );
