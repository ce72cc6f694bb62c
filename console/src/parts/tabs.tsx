// Parts of one thing, each with an address of its own: links, so that back and bookmarks work.
import { hrefOf, place } from "../shell/router.ts";

export function Tabs({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly { to: string; title: string; count?: number }[];
}) {
  const here = place.value.path;
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ to, title, count }) => (
        <a key={to} href={hrefOf(to)} aria-current={here === to ? "page" : undefined}>
          {title}
          {count !== undefined && <span class="count">{count}</span>}
        </a>
      ))}
    </nav>
  );
}
