// Parts of one thing, each with an address of its own: links, so that back and bookmarks work.
import { hrefOf } from "../shell/router.ts";

export function Tabs({
  label,
  current,
  tabs,
}: {
  label: string;
  current: string;
  tabs: readonly { name: string; to: string; title: string; count?: number | undefined }[];
}) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ name, to, title, count }) => (
        <a key={name} href={hrefOf(to)} aria-current={name === current ? "page" : undefined}>
          {title}
          {count !== undefined && <span class="count">{count}</span>}
        </a>
      ))}
    </nav>
  );
}
