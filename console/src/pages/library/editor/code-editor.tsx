// A text with line numbers, and with what is wrong at its lines. Tab indents; after Escape, Tab leaves.
import { useId, useMemo, useRef } from "preact/hooks";
import { Badge } from "../../../parts/small.tsx";
import { words } from "../../../words/words.ts";
import { saidOf } from "../fields/group.tsx";
import type { Finding } from "../fields/spec.ts";
import { lineOf, type Places } from "./places.ts";

const indent = "  ";
const fewest = 14;
const most = 36;

export function CodeEditor({
  label,
  value,
  onInput,
  places,
  findings,
  checking,
}: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  places: (text: string) => Places;
  findings: readonly Finding[];
  checking: boolean;
}) {
  const said = words("payloads");
  const id = useId();
  const gutter = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const tabLeaves = useRef(false);
  const count = value.split("\n").length;
  const found = useMemo(() => places(value), [value]);
  const placed = findings
    .map((finding) => ({ finding, line: lineNamed(finding) ?? lineOf(found, finding.pointer) }))
    .sort((one, other) => one.line - other.line);
  const worst = new Map<number, Finding["level"]>();
  for (const { finding, line } of placed) if (worst.get(line) !== "error") worst.set(line, finding.level);
  const hasErrors = findings.some(({ level }) => level === "error");
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      tabLeaves.current = true;
      // The editor may be in a dialog, which Escape would close.
      event.stopPropagation();
    } else if (event.key === "Tab" && !event.shiftKey && !tabLeaves.current && box.current) {
      event.preventDefault();
      insert(box.current, indent);
    } else if (event.key !== "Tab" && event.key !== "Shift") tabLeaves.current = false;
  };
  const goTo = (line: number) => {
    const area = box.current;
    if (area === null) return;
    const from = value.split("\n", line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = value.indexOf("\n", from);
    area.focus();
    area.setSelectionRange(from, end < 0 ? value.length : end);
    area.scrollTop = Math.max(0, (line - 4) * (area.scrollHeight / count));
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="editor">
        <div class="gutter" ref={gutter} aria-hidden="true">
          {Array.from({ length: count }, (_, at) => (
            <span key={at} class={worst.get(at + 1)}>
              {at + 1}
            </span>
          ))}
        </div>
        <textarea
          ref={box}
          id={id}
          class="mono"
          wrap="off"
          spellcheck={false}
          autocapitalize="off"
          rows={Math.max(fewest, Math.min(most, count + 2))}
          value={value}
          aria-describedby={`${id}-hint ${id}-findings`}
          aria-invalid={hasErrors || undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={onKey}
          onBlur={() => {
            tabLeaves.current = false;
          }}
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <div class="hint" id={`${id}-hint`}>
        {said.editorHint}
      </div>
      <div id={`${id}-findings`} aria-live="polite">
        {checking ? (
          <p class="hint">{said.checking}</p>
        ) : (
          findings.length === 0 && value.trim() !== "" && <p class="hint">{said.noFindings}</p>
        )}
        <ul class="findings">
          {placed.map(({ finding, line }) => (
            <li key={`${finding.pointer} ${finding.code} ${finding.detail}`}>
              <Badge tone={finding.level === "error" ? "bad" : "warn"}>
                {words("library").levels[finding.level]}
              </Badge>{" "}
              <button type="button" class="to-place" onClick={() => goTo(line)}>
                {said.line(line)}
              </button>{" "}
              {finding.pointer !== "" && <code>{finding.pointer}</code>}
              <p>{saidOf(finding)}</p>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What the server could not read, it names by line: "line 3, column 5: …". */
function lineNamed({ pointer, detail }: Finding): number | undefined {
  const named = pointer === "" ? /\bline (\d+)/.exec(detail)?.[1] : undefined;
  return named === undefined ? undefined : Number(named);
}

/** As if it were typed, so that it can be undone. */
function insert(area: HTMLTextAreaElement, text: string): void {
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
