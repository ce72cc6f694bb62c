// Parts of one thing, each with an address of its own: links, so that back and bookmarks work.
import { useEffect, useRef } from "preact/hooks";
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
  const bar = useRef<HTMLElement>(null);
  // On a phone there is room for some of them: the current one is in sight.
  useEffect(() => {
    const chosen = bar.current?.querySelector<HTMLElement>("[aria-current]");
    if (bar.current && chosen) bar.current.scrollLeft = chosen.offsetLeft - bar.current.offsetLeft - 40;
  }, [current]);
  return (
    <nav ref={bar} class="tabs" aria-label={label}>
      {tabs.map(({ name, to, title, count }) => (
        <a key={name} href={hrefOf(to)} aria-current={name === current ? "page" : undefined}>
          {title}
          {count !== undefined && <span class="count">{count}</span>}
        </a>
      ))}
    </nav>
  );
}
