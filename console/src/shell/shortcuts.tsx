// Keys that work on every page, if no field has the focus.
import { signal } from "@preact/signals";
import { Dialog } from "../parts/dialog.tsx";
import { moveRow } from "../parts/table.tsx";
import { words } from "../words/words.ts";
import { isApple } from "./navigation.tsx";
import { paletteOpen } from "./palette-state.ts";

const helpOpen = signal(false);

export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (isApple ? event.metaKey : event.ctrlKey)) {
      event.preventDefault();
      paletteOpen.value = !paletteOpen.value;
      return;
    }
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

const keys: Readonly<Record<string, () => void>> = {
  "/": () => document.querySelector<HTMLElement>("[data-search]")?.focus(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  "?": () => {
    helpOpen.value = true;
  },
};

function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox" && target.type !== "radio";
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}

export function ShortcutHelp() {
  if (!helpOpen.value) return null;
  const { keys: said, shell } = words("common");
  const lines = [
    [isApple ? "⌘K" : "Ctrl K", said.palette],
    ["/", said.search],
    ["j", said.next],
    ["k", said.previous],
    ["↵", said.open],
    ["Esc", said.close],
    ["?", said.help],
  ];
  return (
    <Dialog
      title={shell.shortcuts}
      onClose={() => {
        helpOpen.value = false;
      }}
    >
      <dl class="facts keys">
        {lines.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
