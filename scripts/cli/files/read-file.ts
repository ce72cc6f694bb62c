// A file as a value. JSON and YAML have one reader, which knows lines: YAML contains JSON.
import { LineCounter, parseDocument } from "yaml";
import { jsonDepth } from "../../../src/base/json.ts";
import type { Json } from "../../../src/declarations/canonical-json.ts";
import type { Finding, Source, Tree } from "./thing.ts";

const deepest = 100;
const mostAliases = 100;

export function readTree(source: Pick<Source, "file" | "bytes" | "form">): {
  tree?: Tree;
  findings: Finding[];
} {
  const wrong = (detail: string) => ({
    findings: [{ file: source.file, pointer: "", detail, level: "error" as const }],
  });
  const text = textOf(source.bytes);
  if (text === undefined) return wrong("is not UTF-8 text");
  const value = source.form === "json" ? parseJson(text) : parseYaml(text);
  if (typeof value === "string") return wrong(value);
  const { found } = value;
  if (jsonDepth(JSON.stringify(found ?? null)) > deepest) return wrong("is nested too deep");
  if (found === null || typeof found !== "object" || Array.isArray(found))
    return wrong("must say names and values, such as `description: …`");
  return { tree: found, findings: [] };
}

type Parsed = { found: Json } | string;

function parseYaml(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", schema: "core", strict: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return `line ${line}, column ${col}: ${error.message.split(" at line ")[0]}`;
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    return { found: (value === undefined ? null : JSON.parse(JSON.stringify(value))) as Json };
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

function parseJson(text: string): Parsed {
  if (jsonDepth(text) > deepest) return "is nested too deep";
  try {
    JSON.parse(text);
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
  // The same reader again: two equal keys are an error, and JSON.parse takes the last one.
  return parseYaml(text);
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
