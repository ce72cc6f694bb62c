import { fromUtf8 } from "./bytes.ts";

/**
 * How deep objects and arrays lie within each other in a JSON text. Asked before the text is parsed: what reads the value
 * afterwards goes down as deep as this. Brackets within texts do not count.
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

/** What a text says, unless it is no JSON or nested deeper than anything of ours. */
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
