// What the fields of a form need to know beside their own value.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Finding } from "./spec.ts";

export type FieldsContext = {
  /** What the server says about the value at this pointer. */
  findingsAt: (pointer: string) => readonly Finding[];
  /** The payloads of this profile that others can refer to, by their UUID. */
  references: readonly (readonly [uuid: string, title: string])[];
};

const context = createContext<FieldsContext>({ findingsAt: () => [], references: [] });

export const FieldsOf = context.Provider;
export const useFields = (): FieldsContext => useContext(context);
