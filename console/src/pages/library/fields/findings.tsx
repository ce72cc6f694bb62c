// What the server says about something that is being written: asked a moment after the last key, and shown in place.
import { useEffect, useRef, useState } from "preact/hooks";
import { type Fault, faultOf } from "../../../api/fault.ts";
import { Badge } from "../../../parts/small.tsx";
import { words } from "../../../words/words.ts";
import { saidOf } from "./group.tsx";
import { titleOfKey, titleOfType } from "./key-words.ts";
import type { Finding } from "./spec.ts";

const pauseMs = 500;

/** `ask` is called again after each change of `of`. What cannot be asked is no finding: saving says it. */
export function useFindings(
  of: unknown,
  ask: (signal: AbortSignal) => Promise<readonly Finding[]>,
): { findings: readonly Finding[]; checking: boolean } {
  const [state, setState] = useState<{ findings: readonly Finding[]; of?: string }>({ findings: [] });
  const latest = useRef(ask);
  latest.current = ask;
  const now = JSON.stringify(of);
  useEffect(() => {
    const stop = new AbortController();
    const settle = (findings: readonly Finding[]) => stop.signal.aborted || setState({ findings, of: now });
    const timer = setTimeout(
      () =>
        void latest
          .current(stop.signal)
          .then(settle, (error: unknown) => settle(stop.signal.aborted ? [] : findingsIn(faultOf(error)))),
      pauseMs,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [now]);
  return { findings: state.findings, checking: state.of !== now };
}

/** The errors of a refusal, as findings. */
function findingsIn(fault: Fault | undefined): Finding[] {
  if (fault === undefined || !("problem" in fault)) return [];
  return (fault.problem.errors ?? []).map(({ pointer, code, detail }) => ({
    level: "error",
    pointer,
    code: code ?? "",
    detail: detail.replace(/\.$/, ""),
  }));
}

/** What a refusal said, until something was changed since. */
export function useRefused(fault: Fault | undefined, of: unknown): Finding[] {
  const seen = useRef<{ fault: Fault | undefined; of: string }>({ fault: undefined, of: "" });
  const now = JSON.stringify(of);
  if (seen.current.fault !== fault) seen.current = { fault, of: now };
  return seen.current.of === now ? findingsIn(fault) : [];
}

/** A refusal without what is said at the fields. */
export const withoutErrors = (fault: Fault | undefined): Fault | undefined =>
  fault !== undefined && "problem" in fault ? { ...fault, problem: { ...fault.problem, errors: [] } } : fault;

/** All of them in a list; each leads to its field. */
export function FindingList({
  findings,
  placeOf,
  onGo,
}: {
  findings: readonly Finding[];
  placeOf: (finding: Finding) => string;
  onGo: (finding: Finding) => void;
}) {
  const said = words("library");
  if (findings.length === 0) return null;
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <li key={`${finding.pointer} ${finding.code} ${finding.detail}`}>
          <Badge tone={finding.level === "error" ? "bad" : "warn"}>{said.levels[finding.level]}</Badge>{" "}
          <button type="button" class="to-place" onClick={() => onGo(finding)}>
            {placeOf(finding)}
          </button>
          <p>{saidOf(finding)}</p>
        </li>
      ))}
    </ul>
  );
}

/** To the field of a pointer, or to the nearest thing around it; what is folded opens. */
export function goToField(within: ParentNode, pointer: string): void {
  const parts = pointer.split("/");
  for (let length = parts.length; length > 1; length--) {
    const wanted = parts.slice(0, length).join("/");
    const field = [...within.querySelectorAll<HTMLElement>("[data-pointer]")].find(
      ({ dataset }) => dataset.pointer === wanted,
    );
    if (field === undefined) continue;
    for (
      let box = field.closest("details");
      box !== null;
      box = box.parentElement?.closest("details") ?? null
    )
      box.open = true;
    field.scrollIntoView({ block: "center" });
    field.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
    return;
  }
}

/** "Wi-Fi › Encryption type": a pointer into a profile, in words. */
export function placeInProfile(pointer: string, types: readonly string[]): string {
  const [first, at, ...rest] = partsOf(pointer);
  const type = first === "PayloadContent" ? types[Number(at)] : undefined;
  return type === undefined ? placeInPayload(pointer) : [titleOfType(type), ...rest.map(titleOf)].join(" › ");
}

/** The same for a pointer into a payload. */
export const placeInPayload = (pointer: string): string =>
  pointer === "" ? words("payloads").whole : partsOf(pointer).map(titleOf).join(" › ");

const partsOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

const titleOf = (part: string): string => (/^\d+$/.test(part) ? String(Number(part) + 1) : titleOfKey(part));
