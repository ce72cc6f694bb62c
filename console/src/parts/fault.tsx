// What went wrong, where it went wrong, with the way on.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Fault } from "../api/fault.ts";
import type { Resource } from "../api/resource.ts";
import { words } from "../words/words.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

export function FaultNote({
  fault,
  retry,
  onTakeTheirs,
  onKeepMine,
}: {
  fault: Fault | undefined;
  retry?: (() => unknown) | undefined;
  /** For somebody else's edit in the meantime: reads what there is now. */
  onTakeTheirs?: () => unknown;
  onKeepMine?: () => unknown;
}) {
  if (fault === undefined) return null;
  const { faults, say } = words("common");
  const isConflict = fault.kind === "changed";
  return (
    <div class={`note tone-${fault.kind === "away" || isConflict ? "warn" : "bad"}`} role="alert">
      <Icon name={fault.kind === "away" ? "warning" : "stop"} />
      <div>
        <p class="note-title">{faults[fault.kind]}</p>
        <p>{detailOf(fault)}</p>
        {"problem" in fault && fault.problem.errors !== undefined && fault.problem.errors.length > 0 && (
          <ul>
            {fault.problem.errors.map(({ pointer, detail }) => (
              <li key={pointer + detail}>
                {pointer !== "" && <code>{pointer}</code>} {detail}
              </li>
            ))}
          </ul>
        )}
        {fault.kind === "broken" && (
          <p class="quiet">
            {say.requestId} <code>{fault.problem.request_id}</code>
          </p>
        )}
        <div class="actions">
          {retry !== undefined && !isConflict && <Button onClick={retry}>{say.retry}</Button>}
          {isConflict && onTakeTheirs && <Button onClick={onTakeTheirs}>{faults.takeTheirs}</Button>}
          {isConflict && onKeepMine && <Button onClick={onKeepMine}>{faults.keepMine}</Button>}
        </div>
      </div>
    </div>
  );
}

function detailOf(fault: Fault): string {
  const { faults } = words("common");
  if (fault.kind === "away") return faults.awayHint;
  if (fault.kind === "changed") return faults.changedHint;
  return "problem" in fault ? fault.problem.detail : fault.detail;
}

/** A line that says that it is being read; after a while, that it takes long. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const { say } = words("common");
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 4000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="loading" role="status">
      <span class={slow ? "hint" : "for-readers"}>{slow ? say.slow : say.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} class="bone" />
      ))}
    </div>
  );
}

/** What was read, or that it is being read, or why it could not be. What is in sight stays there if a later reading fails. */
export function Load<Value>({
  of,
  rows,
  children,
}: {
  of: Resource<Value>;
  rows?: number;
  children: (value: Value) => ComponentChildren;
}) {
  return (
    <>
      <FaultNote fault={of.fault} retry={of.reload} />
      {of.value !== undefined
        ? children(of.value)
        : of.fault === undefined && <Loading {...(rows !== undefined && { rows })} />}
    </>
  );
}
