import { type FormState, TextField } from "./form.tsx";

/** The name of something new. */
export function NameField<Values extends { name: string }>({
  form,
  said,
  mono = false,
}: {
  form: FormState<Values>;
  said: { name: string; nameHint: string };
  mono?: boolean;
}) {
  return (
    <TextField
      label={said.name}
      hint={said.nameHint}
      required
      mono={mono}
      error={form.errors["/name"]}
      value={form.values.name}
      onInput={(name) => form.set({ name } as Partial<Values>)}
    />
  );
}
