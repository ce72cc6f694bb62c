// Forms: fields with their errors in place, and nothing typed is lost by accident.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type Tagged, unlessChanged } from "../api/api.ts";
import { type Fault, fieldErrors } from "../api/fault.ts";
import { useAction } from "../api/resource.ts";
import { guardLeaving } from "../shell/router.ts";
import { words } from "../words/words.ts";
import { Button } from "./button.tsx";
import { confirm } from "./dialog.tsx";
import { FaultNote } from "./fault.tsx";

export type FormState<Values> = {
  values: Values;
  /** `form.set({ name: "…" })` */
  set: (change: Partial<Values>) => void;
  dirty: boolean;
  busy: boolean;
  fault: Fault | undefined;
  errors: Readonly<Record<string, string>>;
  submit: () => Promise<boolean>;
  /** Back to these values, as those that are saved. */
  reset: (values: Values) => void;
};

/**
 * What is typed into a form. `save` sends it; a refusal of the server is shown in the form, at its fields (by JSON
 * pointer), and everything typed stays.
 */
export function useForm<Values extends object>(
  initial: Values,
  save: (values: Values) => Promise<unknown>,
): FormState<Values> {
  const [saved, setSaved] = useState(initial);
  const [values, setValues] = useState(initial);
  const action = useAction(save);
  const dirty = JSON.stringify(values) !== JSON.stringify(saved);
  // What was saved a moment ago may be left before it is drawn again.
  const [sent, latest] = [useRef<Values>(undefined), useRef(values)];
  latest.current = values;
  useDirtyGuard(dirty, () => sent.current === latest.current);
  return {
    values,
    set: (change) => setValues((before) => ({ ...before, ...change })),
    dirty,
    busy: action.busy,
    fault: action.fault,
    errors: fieldErrors(action.fault),
    submit: async () => {
      const done = await action.run(values);
      if (!done) return false;
      sent.current = values;
      setSaved(values);
      return true;
    },
    reset: (to) => {
      setSaved(to);
      setValues(to);
      action.clear();
    },
  };
}

/**
 * A form of something that others may change meanwhile. Who saves after somebody else decides whose edit counts:
 * `onTakeTheirs` and `onKeepMine` are for `Form`.
 */
export function useTaggedForm<Known, Values extends object>({
  known,
  valuesOf,
  read,
  save,
  onSaved,
}: {
  known: Tagged<Known>;
  valuesOf: (known: Known) => Values;
  read: () => Promise<Tagged<Known>>;
  save: (values: Values, before: Values, guard: ReturnType<typeof unlessChanged>) => Promise<unknown>;
  onSaved: (known: Tagged<Known>) => void;
}): { form: FormState<Values>; onTakeTheirs: () => Promise<void>; onKeepMine: () => void } {
  const [before, setBefore] = useState(known);
  const overwrite = useRef(false);
  const start = valuesOf(before.value);
  const keep = (now: Tagged<Known>) => {
    setBefore(now);
    overwrite.current = false;
    onSaved(now);
  };
  const form = useForm(start, async (values) => {
    await save(values, start, unlessChanged(overwrite.current ? undefined : before.tag));
    keep(await read());
  });
  return {
    form,
    onTakeTheirs: async () => {
      const now = await read();
      form.reset(valuesOf(now.value));
      keep(now);
    },
    onKeepMine: () => {
      overwrite.current = true;
    },
  };
}

/** While `dirty`, asks before the person leaves, unless it `isSaved` by then. */
export function useDirtyGuard(dirty: boolean, isSaved?: () => boolean): void {
  useEffect(() => {
    if (!dirty) return;
    return guardLeaving(() => {
      if (isSaved?.()) return Promise.resolve(true);
      const { say } = words("common");
      return confirm({
        title: say.leave,
        text: say.leaveHint,
        yes: say.leaveYes,
        no: say.leaveNo,
        danger: true,
      });
    });
  }, [dirty]);
}

export function Form<Values>({
  state,
  submit,
  onDone,
  onCancel,
  onTakeTheirs,
  onKeepMine,
  children,
  danger = false,
  wide = false,
}: {
  state: FormState<Values>;
  /** The word on the button. */
  submit: string;
  onDone?: () => unknown;
  onCancel?: () => unknown;
  /** After somebody else's edit: shows what is saved now. */
  onTakeTheirs?: () => unknown;
  /** After somebody else's edit: called before the form is sent once more, which then must be without its tag. */
  onKeepMine?: () => unknown;
  children: ComponentChildren;
  danger?: boolean;
  /** As wide as the page: for an editor. */
  wide?: boolean;
}) {
  const box = useRef<HTMLFormElement>(null);
  const send = async () => {
    if (await state.submit()) onDone?.();
    else box.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  };
  return (
    <form
      ref={box}
      class={wide ? "form wide" : "form"}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {children}
      <FaultNote
        fault={state.fault}
        {...(onTakeTheirs && { onTakeTheirs })}
        {...(onKeepMine && {
          onKeepMine: () => {
            onKeepMine();
            void send();
          },
        })}
        retry={state.fault?.kind === "away" ? () => void send() : undefined}
      />
      <div class="actions">
        <Button type="submit" kind={danger ? "danger" : "primary"} busy={state.busy}>
          {submit}
        </Button>
        {onCancel && <Button onClick={onCancel}>{words("common").say.cancel}</Button>}
      </div>
    </form>
  );
}

type FieldProps = { label: string; hint?: ComponentChildren; error?: string | undefined };

/** A label above, a hint and an error below; `children` is given the ids that tie them together. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & {
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ComponentChildren;
}) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(
    Boolean,
  );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(described.length > 0 && { "aria-describedby": described.join(" ") }),
        ...(error !== undefined && { "aria-invalid": true as const }),
      })}
      {hint !== undefined && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error !== undefined && (
        <div class="error" id={`${id}-error`}>
          {error}
        </div>
      )}
    </div>
  );
}

export function TextField({
  value,
  onInput,
  type = "text",
  rows,
  required = false,
  mono = false,
  placeholder,
  autocomplete = "off",
  min,
  max,
  step,
  ...field
}: FieldProps & {
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "email" | "password" | "number" | "search" | "url" | "datetime-local" | "date";
  /** A field of several lines. */
  rows?: number;
  required?: boolean;
  mono?: boolean;
  placeholder?: string;
  autocomplete?: string;
  min?: number;
  max?: number;
  /** "any": a number with a fraction. */
  step?: number | "any";
}) {
  return (
    <Field {...field}>
      {(ids) =>
        rows === undefined ? (
          <input
            {...ids}
            class={mono ? "mono" : undefined}
            // The types of Preact know only one of them at a time.
            type={type as "text"}
            value={value}
            required={required}
            placeholder={placeholder}
            autocomplete={autocomplete}
            min={min}
            max={max}
            step={step}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        ) : (
          <textarea
            {...ids}
            class={mono ? "mono" : undefined}
            rows={rows}
            value={value}
            required={required}
            placeholder={placeholder}
            spellcheck={!mono}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

export function SelectField<Value extends string>({
  value,
  options,
  onChange,
  ...field
}: FieldProps & {
  value: Value;
  options: readonly (readonly [value: Value, said: string])[];
  onChange: (value: Value) => void;
}) {
  return (
    <Field {...field}>
      {(ids) => (
        <select {...ids} value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
          {options.map(([option, said]) => (
            <option key={option} value={option}>
              {said}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  hint,
  checked,
  onChange,
  disabled = false,
}: {
  label: string;
  hint?: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

export function FileField({
  accept,
  onFile,
  ...field
}: FieldProps & { accept?: string; onFile: (file: File | undefined) => void }) {
  return (
    <Field {...field}>
      {(ids) => (
        <input
          {...ids}
          type="file"
          accept={accept}
          onChange={(event) => onFile(event.currentTarget.files?.[0])}
        />
      )}
    </Field>
  );
}
