// Further actions behind one button.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { type AllowedCall, may as isAllowed } from "../api/may.ts";
import { words } from "../words/words.ts";
import { Icon, type IconName } from "./icon.tsx";

export type MenuItem = {
  title: string;
  icon?: IconName;
  danger?: boolean;
  may?: AllowedCall;
  onClick: () => unknown;
};

export function Menu({
  label,
  items,
  children,
}: {
  label?: string;
  items: readonly (MenuItem | undefined | false)[];
  /** On the button; three dots if there is nothing. */
  children?: ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const shown = items.filter((item): item is MenuItem => Boolean(item) && allowed(item as MenuItem));
  useEffect(() => {
    const list = box.current;
    const onToggle = (event: Event) => {
      if ((event as ToggleEvent).newState === "open") list?.querySelector<HTMLElement>("button")?.focus();
    };
    list?.addEventListener("toggle", onToggle);
    return () => list?.removeEventListener("toggle", onToggle);
  }, []);
  if (shown.length === 0) return null;
  const name = label ?? words("common").say.moreActions;
  return (
    <span class="menu">
      <button
        type="button"
        class="button"
        popovertarget={id}
        aria-haspopup="menu"
        aria-label={children === undefined ? name : undefined}
        title={name}
      >
        {children ?? <Icon name="more" />}
        {children !== undefined && <Icon name="down" size={14} />}
      </button>
      <div
        ref={box}
        id={id}
        class="menu-list"
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={name}
        onKeyDown={step}
      >
        {shown.map(({ title, icon, danger, onClick }) => (
          <button
            key={title}
            type="button"
            role="menuitem"
            class={danger ? "danger" : undefined}
            onClick={() => {
              box.current?.hidePopover();
              onClick();
            }}
          >
            {icon && <Icon name={icon} size={16} />}
            {title}
          </button>
        ))}
      </div>
    </span>
  );
}

const allowed = ({ may }: MenuItem): boolean => may === undefined || isAllowed(may);

function step(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
}
