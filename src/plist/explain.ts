import type { PlistRefusal } from "./refusal.ts";

/** A refusal as a sentence for the author of the file: what was found, and what is expected. */
export function explain(refusal: PlistRefusal): string {
  switch (refusal.reason) {
    case "empty":
      return "the file is empty";
    case "not-a-property-list":
      return "this is neither an XML nor a binary property list";
    case "too-large":
      return `the file has ${refusal.bytes} bytes, and ${refusal.limit} are allowed`;
    case "too-deep":
      return `dictionaries and arrays are nested more than ${refusal.limit} deep`;
    case "too-many-nodes":
      return `there are more than ${refusal.limit} values`;
    case "expands-beyond-limit":
      return `objects that are used many times unfold to more than ${refusal.limit} bytes`;
    case "bad-encoding":
      return `this byte is not ${refusal.encoding.toUpperCase()}`;
    case "undeclared-encoding":
      return `the file says that it is ${refusal.found}, but it is ${refusal.encoding.toUpperCase()}: declare that, or save it as declared`;
    case "nul-character":
      return "a NUL character cannot be part of a property list";
    case "unknown-entity":
      return `${refusal.found} is unknown: write &amp; for an ampersand, and other characters as they are`;
    case "bad-character-reference":
      return `${refusal.found} names no character`;
    case "malformed-tag":
    case "truncated":
    case "stray-text":
    case "markup-in-value":
    case "bad-integer":
    case "bad-real":
    case "bad-date":
    case "bad-data":
    case "bad-boolean":
    case "bad-trailer":
      return `${openings[refusal.reason]}, expected ${refusal.expected}`;
    case "wrong-nesting":
    case "unknown-element":
    case "unexpected-element":
      return `expected ${refusal.expected}, but found ${refusal.found}`;
    case "unexpected-attribute":
      return `the attribute ${refusal.found} is not allowed here: remove it`;
    case "misplaced-declaration":
      return "<?xml must be the very first characters of the file";
    case "misplaced-doctype":
      return "<!DOCTYPE may be there once, before <plist>";
    case "malformed-doctype":
      return "the document type is malformed: use the one that Apple's tools write, or none";
    case "internal-subset":
      return "a document type with declarations of its own is not accepted";
    case "missing-key":
      return `expected <key>, but found the value ${refusal.found}`;
    case "missing-value":
      return `the key "${refusal.key}" has no value`;
    case "duplicate-key":
      return `the key "${refusal.key}" occurs twice in one dictionary`;
    case "integer-out-of-range":
      return "the integer does not fit 64 bits";
    case "unsupported-version":
      return `version ${JSON.stringify(refusal.found)} of binary property lists is not supported`;
    case "unsupported-type":
      return `objects of type 0x${refusal.marker.toString(16).padStart(2, "0")} are not supported`;
    case "uid":
      return "UIDs, as keyed archives have them, are not supported";
    case "offset-out-of-bounds":
      return `object ${refusal.object} is outside of the file`;
    case "unknown-object":
      return `object ${refusal.object} does not exist`;
    case "circular-reference":
      return `object ${refusal.object} contains itself`;
    case "key-not-a-string":
      return `object ${refusal.object} is used as a key but is not a string`;
    case "bad-string":
      return "a string has characters that its encoding does not know";
  }
}

const openings = {
  "malformed-tag": "malformed tag",
  truncated: "the file ends too early",
  "stray-text": "stray text",
  "markup-in-value": "comments and instructions are not allowed within a value",
  "bad-integer": "not an integer",
  "bad-real": "not a number",
  "bad-date": "not a date",
  "bad-data": "not base64",
  "bad-boolean": "a boolean has no content",
  "bad-trailer": "the end of the file is damaged",
} as const;
