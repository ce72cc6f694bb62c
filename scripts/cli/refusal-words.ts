// What the server or the network refused, in sentences for people.
import { ProblemError, StrangeAnswerError, UnreachableError } from "../../client/src/index.ts";

/** undefined: it is nothing of the API. */
export function refusalWords(fault: unknown): string | undefined {
  if (fault instanceof ProblemError) return wordsOf(fault);
  if (fault instanceof UnreachableError || fault instanceof StrangeAnswerError) return fault.message;
  return undefined;
}

function wordsOf({ message, problem: { status, title, errors = [] } }: ProblemError): string {
  const lines = errors.map(
    ({ pointer, detail: why, in: place }) => `  ${place ? `${place} ` : ""}${pointer}: ${why}`,
  );
  const head = lines.length > 0 && lines.some((line) => line.endsWith(message)) ? title : message;
  const more = status === 401 ? "\nrun edgemdm login, or check EDGEMDM_TOKEN" : "";
  return [`${head}${more}`, ...(errors.length > 1 || head === title ? lines : [])].join("\n");
}
