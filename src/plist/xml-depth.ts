/**
 * Where elements begin to lie deeper than any property list of that depth can have them; the end of the text where none
 * do. Counts tags and nothing else, in one pass, before anything is built.
 */
export function tooDeepAt(text: string, from: number, depth: number): number {
  // Around the containers <plist>, within them a value or a key; one more, so that the walk surely stops before.
  const most = depth + 3;
  let open = 0;
  for (let at = text.indexOf("<", from); at >= 0; at = text.indexOf("<", at)) {
    const markup = markups.find(({ start }) => text.startsWith(start, at));
    const end = markup ? endOf(text, at + markup.start.length, markup.end) : tagEnd(text, at + 1);
    if (end < 0) return text.length;
    if (!markup && text[at + 1] === "/") open -= 1;
    else if (!markup && text[end - 2] !== "/") open += 1;
    if (open > most) return at;
    at = end;
  }
  return text.length;
}

const markups = [
  { start: "<!--", end: "-->" },
  { start: "<![CDATA[", end: "]]>" },
  { start: "<?", end: "?>" },
  { start: "<!", end: ">" },
];

function endOf(text: string, from: number, terminator: string): number {
  const at = text.indexOf(terminator, from);
  return at < 0 ? -1 : at + terminator.length;
}

/** Past the ">" of a tag; one that stands in quotes ends no tag. */
function tagEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === ">") return at + 1;
    if (char !== '"' && char !== "'") continue;
    at = text.indexOf(char, at + 1);
    if (at < 0) return -1;
  }
  return -1;
}
