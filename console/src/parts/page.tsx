// The frame of a page: its head, and parts of its body.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../words/words.ts";
import { Link } from "./button.tsx";
import { Icon } from "./icon.tsx";
import type { Tone } from "./tone.ts";

export type { Tone };

/** The name of the page, with what can be done on it. `back`: the list that it came from. */
export function PageHead({
  title,
  lead,
  actions,
  back,
}: {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  back?: { to: string; title: string };
}) {
  useEffect(() => {
    document.title = `${title} · ${words("common").product}`;
  }, [title]);
  return (
    <header class="page-head">
      {back && (
        <Link to={back.to} class="back">
          <Icon name="back" size={14} /> {back.title}
        </Link>
      )}
      <div class="page-title">
        {/* The shell puts the focus here when the page changes. */}
        <h1 tabIndex={-1}>{title}</h1>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </div>
      {lead !== undefined && <div class="lead">{lead}</div>}
    </header>
  );
}

export function Section({
  title,
  hint,
  actions,
  children,
}: {
  title: string;
  hint?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="section">
      <div class="section-head">
        <h2>{title}</h2>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </div>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {children}
    </section>
  );
}

export function Card({ children, tone }: { children: ComponentChildren; tone?: Tone }) {
  return <div class={`card${tone ? ` tone-${tone}` : ""}`}>{children}</div>;
}

/** What is known of a thing: name and value, line by line. Undefined values are left out. */
export function Facts({
  items,
}: {
  items: readonly (readonly [string, ComponentChildren] | undefined | false)[];
}) {
  return (
    <dl class="facts">
      {items.map(
        (item) =>
          item && (
            <div key={item[0]}>
              <dt>{item[0]}</dt>
              <dd>{item[1] ?? "–"}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
