/**
 * A message in both forms that mail programs show. The text is for all; the HTML is made from the same parts, with every value
 * escaped.
 */
export type Message = { subject: string; text: string; html: string };

export type Part =
  | { kind: "heading" | "text" | "small"; text: string }
  | { kind: "link"; label: string; url: string };

const longestSubject = 200;

export const messageOf = (language: string, subject: string, parts: readonly Part[]): Message => {
  const title = oneLine(subject).slice(0, longestSubject);
  return {
    subject: title,
    text: `${parts.map(asText).join("\n\n")}\n`,
    html: `<!doctype html><html lang="${escaped(language)}"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body style="${page}">${parts.map(asHtml).join("")}</body></html>`,
  };
};

/** A name with a line break must not begin another header. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

const longestName = 100;

/** As the name beside an address, which takes neither all characters nor any length (in bytes). */
export function senderName(organization: string): string {
  let name = "";
  for (const character of oneLine(organization).replace(/["<>\\]/g, ""))
    if (Buffer.byteLength(name + character) <= longestName) name += character;
    else break;
  return name.trim();
}

function asText(part: Part): string {
  return part.kind === "link" ? `${part.label}:\n${part.url}` : part.text;
}

function asHtml(part: Part): string {
  switch (part.kind) {
    case "heading":
      return `<h2 style="${heading}">${escaped(part.text)}</h2>`;
    case "text":
      return `<p style="${text}">${escaped(part.text)}</p>`;
    case "small":
      return `<p style="${small}">${escaped(part.text)}</p>`;
    case "link":
      return `<p style="${text}"><a href="${escaped(part.url)}" style="${button}">${escaped(part.label)}</a></p><p style="${small}">${escaped(part.url)}</p>`;
  }
}

// Mail programs read no style sheets.
const page =
  "margin:0 auto;max-width:38em;padding:1.5em;font:16px/1.5 -apple-system,system-ui,sans-serif;color:#1d1d1f;background:#fff";
const heading = "margin:1.5em 0 0.3em;font-size:1.05em";
const text = "margin:0.3em 0;white-space:pre-line;overflow-wrap:anywhere";
const small = "margin:0.3em 0;font-size:0.85em;color:#6e6e73;overflow-wrap:anywhere";
const button =
  "display:inline-block;margin:0.5em 0;padding:0.6em 1.2em;border-radius:8px;background:#0a58ca;color:#fff;text-decoration:none";

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (value: string): string => value.replace(/[&<>"']/g, (one) => entities[one] ?? one);
