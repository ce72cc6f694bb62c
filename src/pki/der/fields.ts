import type { Bytes } from "../../base/bytes.ts";
import { malformed } from "./malformed.ts";
import type { Element } from "./parse.ts";

/** The whole element as it stood in the input, header included. */
export const rawOf = (element: Element): Bytes => element.source.subarray(element.start, element.end);

export const contentOf = (element: Element): Bytes =>
  element.source.subarray(element.contentStart, element.contentEnd);

/** Takes the children of an element one after the other, by the tags that the ASN.1 module names. */
export class Fields {
  readonly #children: readonly Element[];
  readonly #what: string;
  #at = 0;

  constructor(children: readonly Element[], what: string) {
    this.#children = children;
    this.#what = what;
  }

  any(what: string): Element {
    return this.#children[this.#at++] ?? malformed(`${this.#what} has no ${what}`);
  }

  take(tag: number, what: string): Element {
    return expectTag(this.any(what), tag, what);
  }

  maybe(tag: number): Element | undefined {
    return this.#children[this.#at]?.tag === tag ? this.#children[this.#at++] : undefined;
  }

  rest(): readonly Element[] {
    return this.#children.slice(this.#at);
  }
}

export const fieldsOf = (element: Element, tag: number, what: string): Fields =>
  new Fields(expectTag(element, tag, what).children, what);

export function expectTag(element: Element, tag: number, what: string): Element {
  if (element.tag !== tag)
    malformed(`${what} has tag 0x${element.tag.toString(16)}, not 0x${tag.toString(16)}`);
  return element;
}

/** The one element inside an explicit tag. */
export const onlyChild = (element: Element, what: string): Element =>
  element.children.length === 1
    ? (element.children[0] as Element)
    : malformed(`${what} holds ${element.children.length} elements, not one`);
