import type { FileFacts } from "../package-files/facts.ts";

/** What is read in a file before it is offered to any device. */
export type Inspected = { identifier: string; version: string; title: string; facts: FileFacts };

export type FileKind = FileFacts["kind"];
