// Windows above the page, by the browser's own <dialog>: it keeps the focus inside and gives it back.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { words } from "../words/words.ts";
import { Button } from "./button.tsx";

export function Dialog({
  title,
  onClose,
  children,
  wide = false,
  lasting = false,
  transient = false,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
  /** It cannot be closed by Escape or by a click beside it. */
  lasting?: boolean;
  /** What is typed into it is worth nothing, so that it closes without a question. */
  transient?: boolean;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const typed = useRef(false);
  const close = async () => {
    if (lasting) return;
    const { say } = words("common");
    const question = {
      title: say.leave,
      text: say.leaveHint,
      yes: say.leaveYes,
      no: say.leaveNo,
      danger: true,
    };
    if (transient || !typed.current || (await confirm(question))) onClose();
  };
  const name = useId();
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it
    <dialog
      ref={box}
      class={wide ? "dialog wide" : "dialog"}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        void close();
      }}
      onInput={() => {
        typed.current = true;
      }}
      onClick={(event) => {
        if (event.target === box.current) void close();
      }}
    >
      <div class="dialog-body">
        <h2 id={name}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

export type Question = {
  title: string;
  /** What will happen, said before: the real consequences. */
  text: ComponentChildren;
  /** The word on the button that does it: "Erase 5 devices". */
  yes: string;
  no?: string;
  danger?: boolean;
  /** It must be typed before the button works: a count or a name. */
  type?: string;
};

const asked = signal<{ question: Question; answer: (yes: boolean) => void } | undefined>(undefined);

/** Asks before something that cannot be taken back: `if (await confirm({…}))`. */
export const confirm = (question: Question): Promise<boolean> =>
  new Promise((done) => {
    asked.value = {
      question,
      answer: (yes) => {
        asked.value = undefined;
        done(yes);
      },
    };
  });

/** Once in the shell. */
export function Questions() {
  const open = asked.value;
  return open === undefined ? null : <Asked key={open.question.title} {...open} />;
}

function Asked({ question, answer }: { question: Question; answer: (yes: boolean) => void }) {
  const { say } = words("common");
  const [typed, setTyped] = useState("");
  const id = useId();
  const ready = question.type === undefined || typed.trim() === question.type;
  return (
    <Dialog title={question.title} onClose={() => answer(false)} transient>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) answer(true);
        }}
      >
        <div class="prose">{question.text}</div>
        {question.type !== undefined && (
          <p class="field">
            <label for={id}>{say.typeToConfirm(question.type)}</label>
            <input
              id={id}
              value={typed}
              autocomplete="off"
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </p>
        )}
        <div class="actions end">
          <Button onClick={() => answer(false)}>{question.no ?? say.cancel}</Button>
          <Button type="submit" kind={question.danger ? "danger" : "primary"} disabled={!ready}>
            {question.yes}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
