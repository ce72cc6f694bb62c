// Where in a text the things are that a JSON pointer names: line by line, for JSON and for property lists in XML.
// A text that is not whole yet tells what it has.

export type Places = ReadonlyMap<string, number>;

const step = (name: string | number): string =>
  `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The line of a pointer, or of the nearest thing around it; lines count from 1. */
export function lineOf(places: Places, pointer: string): number {
  for (let wanted = pointer; ; wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf("/")))) {
    const line = places.get(wanted);
    if (line !== undefined) return line;
    if (wanted === "") return 1;
  }
}

type Box = { pointer: string; kind: "list" | "keys"; next: number; key: string | undefined };

/** The pointer of the value that comes next in this box. */
function nextIn(box: Box | undefined): string {
  if (box === undefined) return "";
  return box.pointer + step(box.kind === "list" ? box.next++ : (box.key ?? ""));
}

const tokens = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+|\n/g;

export function placesInJson(text: string): Places {
  const places = new Map<string, number>();
  const boxes: Box[] = [];
  let line = 1;
  let isKey = false;
  for (const [token] of text.matchAll(tokens)) {
    const box = boxes.at(-1);
    if (token === "\n") line++;
    else if (token === "}" || token === "]") {
      boxes.pop();
      isKey = false;
    } else if (token === ",") isKey = box?.kind === "keys";
    else if (token === ":") isKey = false;
    else if (isKey && box !== undefined && token.startsWith('"')) {
      box.key = unquoted(token);
      places.set(box.pointer + step(box.key), line);
    } else {
      const pointer = nextIn(box);
      if (!places.has(pointer)) places.set(pointer, line);
      if (token === "{" || token === "[") {
        boxes.push({ pointer, kind: token === "{" ? "keys" : "list", next: 0, key: undefined });
        isKey = token === "{";
      }
    }
  }
  return places;
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1);
  }
}

const tags =
  /<!--[\s\S]*?(?:-->|$)|<key>([^<]*)<\/key>|<(\/?)(dict|array)\s*(\/?)>|<(string|integer|real|true|false|data|date)\b[^>]*>/g;

/** A key counts as the place of its value. */
export function placesInPlist(text: string): Places {
  const places = new Map<string, number>();
  const boxes: Box[] = [];
  let line = 1;
  let from = 0;
  for (const found of text.matchAll(tags)) {
    line += newlines(text.slice(from, found.index));
    from = found.index;
    const [tag, key, closing, container, empty, scalar] = found;
    if (tag.startsWith("<!--")) continue;
    const box = boxes.at(-1);
    if (key !== undefined) {
      if (box === undefined) continue;
      box.key = entities(key);
      places.set(box.pointer + step(box.key), line);
    } else if (closing) boxes.pop();
    else if (container !== undefined || scalar !== undefined) {
      const pointer = nextIn(box);
      if (!places.has(pointer)) places.set(pointer, line);
      if (container !== undefined && !empty)
        boxes.push({ pointer, kind: container === "array" ? "list" : "keys", next: 0, key: undefined });
    }
  }
  return places;
}

const newlines = (text: string): number => text.split("\n").length - 1;

const entities = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
