import { useRef } from "preact/hooks";
import type { FormState } from "./form.tsx";

/**
 * Who makes a new thing never overwrites another unseen: the form is sent with `If-None-Match: *`, and a name that is taken is
 * said at its field until it is changed.
 */
export function useTaken<Values extends object>(
  form: FormState<Values>,
  name: keyof Values & string,
  text: string,
): FormState<Values> {
  const refused = useRef<{ fault: unknown; value: unknown }>(undefined);
  const { fault, values } = form;
  if (fault?.kind !== "changed") return form;
  if (refused.current?.fault !== fault) refused.current = { fault, value: values[name] };
  const errors: Record<string, string> = refused.current.value === values[name] ? { [`/${name}`]: text } : {};
  return { ...form, fault: undefined, errors };
}
