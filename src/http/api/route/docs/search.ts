import { type Document, type Operation, schemasIn } from "./document.ts";

/** The operations in which every word occurs; those that have them in their name, path or summary come first. */
export function search(document: Document, text: string): Operation[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (within: string): boolean => words.every((word) => within.toLowerCase().includes(word));
  const [first, second] = [document.operations.filter((one) => found(titleOf(one))), document.operations];
  const rest = second.filter(
    (one) => !first.includes(one) && found(`${titleOf(one)} ${bodyOf(one, document)}`),
  );
  return words.length === 0 ? [] : [...first, ...rest];
}

const titleOf = ({ method, path, operationId, summary, tags }: Operation): string =>
  [method, path, operationId, summary, ...tags].join(" ");

/** What it says of itself, and the names of the fields in what it takes and answers. */
function bodyOf(operation: Operation, { schemas }: Document): string {
  const { description = "", parameters, requestBody, responses } = operation;
  const names = schemasIn({ requestBody, responses }, schemas);
  const fields = names.flatMap((name) => [name, ...Object.keys(schemas[name]?.properties ?? {})]);
  return [description, ...parameters.map(({ name }) => name), ...fields].join(" ");
}
