// A value of any shape, as JSON. What is no JSON yet is kept as typed, and the form cannot be sent with it.
import { useEffect, useRef, useState } from "preact/hooks";
import { Field } from "../../../parts/form.tsx";
import { words } from "../../../words/words.ts";
import type { Frame } from "./scalar-field.tsx";
import type { Json } from "./spec.ts";

export function JsonField({
  value,
  onChange,
  frame,
  rows = 5,
}: {
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  frame: Frame;
  rows?: number;
}) {
  const shown = value === undefined ? "" : JSON.stringify(value, null, 2);
  const [text, setText] = useState(shown);
  const own = useRef(shown);
  const box = useRef<HTMLTextAreaElement>(null);
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    if (shown === own.current) return;
    own.current = shown;
    setText(shown);
    setWrong(false);
  }, [shown]);
  const said = words("payloads");
  const error = wrong ? said.notJson : frame.error;
  useEffect(() => box.current?.setCustomValidity(wrong ? said.notJson : ""), [wrong]);
  const onInput = (typed: string) => {
    setText(typed);
    const read = typed.trim() === "" ? undefined : parsed(typed);
    setWrong(read instanceof Error);
    if (read instanceof Error) return;
    own.current = read === undefined ? "" : JSON.stringify(read, null, 2);
    onChange(read);
  };
  return (
    <Field {...frame} error={error}>
      {(ids) => (
        <textarea
          {...ids}
          ref={box}
          class="mono"
          rows={Math.max(rows, Math.min(24, text.split("\n").length))}
          spellcheck={false}
          value={text}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function parsed(text: string): Json | Error {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
