import { fromUtf8 } from "./bytes.ts";

/**
 * How deep objects and arrays are nested in a JSON text. Called before the text is parsed, because later readers of the
 * value recurse as deep. Brackets in strings do not count.
 */
export function jsonDepth(text: string): number {
  let [depth, most, inText] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inText) {
      if (char === backslash) at += 1;
      else if (char === quote) inText = false;
    } else if (char === quote) inText = true;
    else if (char === openBrace || char === openBracket) most = Math.max(most, ++depth);
    else if (char === closeBrace || char === closeBracket) depth -= 1;
  }
  return most;
}

/** Parses a text, unless it is not JSON or is nested deeper than any of our values. */
export function readJson(from: string | Uint8Array): unknown {
  try {
    const text = typeof from === "string" ? from : fromUtf8(from);
    return jsonDepth(text) > deepest ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const deepest = 100;

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [34, 92, 123, 125, 91, 93];
