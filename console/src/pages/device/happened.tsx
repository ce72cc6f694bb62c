import { useEffect, useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote, Loading } from "../../parts/fault.tsx";
import { Timeline } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./page.tsx";

export function Happened({ device: { id } }: DeviceProps) {
  const { say } = words("common");
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/devices/{id}/events", { path: { id }, query: { cursor }, ...(signal && { signal }) }),
    [id],
  );
  // New events appear by themselves while the page is in sight and nothing older was asked for.
  const [readsOlder, setReadsOlder] = useState(false);
  useEffect(() => {
    if (readsOlder) return;
    const timer = setInterval(() => document.hidden || list.reload(), 5000);
    return () => clearInterval(timer);
  }, [readsOlder, list.reload]);
  return (
    <>
      <FaultNote fault={list.fault} retry={list.reload} />
      {list.loading && list.items.length === 0 && <Loading rows={6} />}
      <Timeline
        items={list.items.map(({ id: key, at, name, detail }) => ({
          key: String(key),
          at,
          tone: /failed|refused|unanswered|stuck/.test(name) || detail.state === "error" ? "bad" : "quiet",
          title: (
            <>
              {words("events").names[name] ?? <code>{name}</code>}
              {typeof detail.request_type === "string" && <code> {detail.request_type}</code>}
            </>
          ),
        }))}
      />
      {list.more && (
        <div class="actions center">
          <Button
            busy={list.loading}
            onClick={() => {
              setReadsOlder(true);
              list.more?.();
            }}
          >
            {say.more}
          </Button>
        </div>
      )}
    </>
  );
}
