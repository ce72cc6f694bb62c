// Buttons and links. `may` names the call that it makes: who may not make it does not see the button.
import type { ComponentChildren } from "preact";
import { type AllowedCall, may as isAllowed } from "../api/may.ts";
import { hrefOf } from "../shell/router.ts";
import { Icon, type IconName } from "./icon.tsx";

type Look = {
  kind?: "primary" | "plain" | "danger" | "quiet";
  icon?: IconName;
  small?: boolean;
  may?: AllowedCall;
  children?: ComponentChildren;
};

const classOf = ({ kind = "plain", small }: Look): string => `button ${kind}${small ? " small" : ""}`;

export function Button({
  busy = false,
  disabled = false,
  type = "button",
  label,
  pressed,
  onClick,
  ...look
}: Look & {
  busy?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  /** What it does, where only a picture is seen. */
  label?: string;
  /** Of a button that is one of several views, or that stays on. */
  pressed?: boolean;
  onClick?: (event: MouseEvent) => unknown;
}) {
  if (look.may !== undefined && !isAllowed(look.may)) return null;
  return (
    <button
      class={classOf(look)}
      type={type}
      disabled={disabled}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span class="spinner" /> : look.icon && <Icon name={look.icon} />}
      {look.children !== undefined && <span>{look.children}</span>}
    </button>
  );
}

/** A link that looks like a button: it leads somewhere. */
export function ButtonLink({ to, ...look }: Look & { to: string }) {
  if (look.may !== undefined && !isAllowed(look.may)) return null;
  return (
    <a class={classOf(look)} href={hrefOf(to)}>
      {look.icon && <Icon name={look.icon} />}
      {look.children !== undefined && <span>{look.children}</span>}
    </a>
  );
}

/** To a page of the console: `<Link to={`/devices/${id}`}>`. */
export function Link({
  to,
  query,
  children,
  class: name,
}: {
  to: string;
  query?: Readonly<Record<string, string | undefined>>;
  children: ComponentChildren;
  class?: string;
}) {
  return (
    <a class={name} href={hrefOf(to, query)}>
      {children}
    </a>
  );
}

/** To another site, if the address is one: what devices and people wrote leads nowhere else. */
export function OutLink({ href, children }: { href: string; children: ComponentChildren }) {
  const to = URL.parse(href);
  if (to === null || !["https:", "http:", "mailto:"].includes(to.protocol)) return <>{children}</>;
  return (
    <a href={to.href} target="_blank" rel="noreferrer noopener">
      {children} <Icon name="external" size={14} />
    </a>
  );
}
