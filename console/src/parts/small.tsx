// Small parts: a state, a time, a text to copy, a share.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { say } from "../shell/toasts.tsx";
import { dateTimeOf, relative } from "../words/forms.ts";
import { words } from "../words/words.ts";
import { Icon, type IconName } from "./icon.tsx";
import type { Tone } from "./page.tsx";

const icons: Record<Tone, IconName> = {
  good: "check",
  warn: "warning",
  bad: "stop",
  info: "info",
  quiet: "more",
};

/** A state in a word, with a colour and a picture that say the same. */
export function Badge({ tone = "quiet", children }: { tone?: Tone; children: ComponentChildren }) {
  return (
    <span class={`badge tone-${tone}`}>
      {tone !== "quiet" && <Icon name={icons[tone]} size={13} />}
      {children}
    </span>
  );
}

/** One clock for all times in sight. */
const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 30_000);

/** "3 hours ago"; the exact time is its title. */
export function Time({ at, never }: { at: string | null | undefined; never?: string }) {
  if (at === null || at === undefined) return <span class="quiet">{never ?? words("common").say.never}</span>;
  return (
    <time dateTime={at} title={dateTimeOf(at)}>
      {relative(at, now.value)}
    </time>
  );
}

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { say: said } = words("common");
  const name = label ?? said.copy;
  const copy = () => navigator.clipboard.writeText(text).then(() => say(said.copied));
  return (
    <button
      type="button"
      class="button quiet small"
      aria-label={name}
      title={name}
      onClick={() => void copy()}
    >
      <Icon name="copy" size={15} />
    </button>
  );
}

/** An id, an address, a serial number: in a fixed width, and to copy. */
export function Copyable({ text }: { text: string }) {
  return (
    <span class="copyable">
      <code>{text}</code>
      <CopyButton text={text} />
    </span>
  );
}

export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div class="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <CopyButton text={text} />
    </div>
  );
}

/** A share of a whole; `label` says it in words. */
export function Meter({
  value,
  of,
  label,
  tone = "info",
}: {
  value: number;
  of: number;
  label: string;
  tone?: Tone;
}) {
  const share = of === 0 ? 0 : Math.min(100, (value / of) * 100);
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> each in their own way
    <span
      class={`meter tone-${tone}`}
      role="meter"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={of}
    >
      <span style={{ inlineSize: `${share}%` }} />
    </span>
  );
}

export function Empty({
  title,
  children,
  action,
  icon = "info",
}: {
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
  icon?: IconName;
}) {
  return (
    <div class="empty">
      <Icon name={icon} size={28} />
      <p class="empty-title">{title}</p>
      {children !== undefined && <div class="hint">{children}</div>}
      {action}
    </div>
  );
}

export function Disclosure({
  title,
  open = false,
  children,
}: {
  title: ComponentChildren;
  open?: boolean;
  children: ComponentChildren;
}) {
  return (
    <details class="disclosure" open={open}>
      <summary>{title}</summary>
      <div>{children}</div>
    </details>
  );
}

export type Moment = {
  key: string;
  at: string;
  title: ComponentChildren;
  text?: ComponentChildren;
  tone?: Tone;
};

/** What happened, newest first. */
export function Timeline({ items }: { items: readonly Moment[] }) {
  return (
    <ol class="timeline">
      {items.map(({ key, at, title, text, tone = "quiet" }) => (
        <li key={key} class={`tone-${tone}`}>
          <div class="moment">
            <span>{title}</span>
            <Time at={at} />
          </div>
          {text !== undefined && <div class="hint">{text}</div>}
        </li>
      ))}
    </ol>
  );
}
