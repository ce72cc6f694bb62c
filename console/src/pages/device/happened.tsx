// What happened, newest first and live; a command's answer opens from here.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useList } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote, Loading } from "../../parts/fault.tsx";
import { Timeline } from "../../parts/small.tsx";
import type { Tone } from "../../parts/tone.ts";
import { words } from "../../words/words.ts";
import { commandTones, OpenCommand } from "./command.tsx";
import type { DeviceProps } from "./device-props.ts";
import { useFollow } from "./follow.ts";

type Event = Schemas["Event"];

export function Happened({ device: { id } }: DeviceProps) {
  const { say } = words("common");
  const list = useList(
    ({ signal, cursor }) =>
      api.get("/devices/{id}/events", { path: { id }, query: { cursor }, ...(signal && { signal }) }),
    [id],
  );
  // New events appear by themselves, unless somebody reads older ones, which would go: then a button brings them.
  const [readsOlder, setReadsOlder] = useState(false);
  const [hasNews, setNews] = useState(false);
  const latest = list.loading && list.items.length === 0 ? undefined : (list.items[0]?.id ?? 0);
  useFollow(id, latest, () => (readsOlder ? setNews(true) : list.reload()));
  const showNews = () => {
    setNews(false);
    setReadsOlder(false);
    list.reload();
  };
  const [open, setOpen] = useState<Event>();
  return (
    <>
      <FaultNote fault={list.fault} retry={list.reload} />
      {list.loading && list.items.length === 0 && <Loading rows={6} />}
      {hasNews && (
        <div class="actions center">
          <Button icon="up" onClick={showNews}>
            {words("device").happened.news}
          </Button>
        </div>
      )}
      <div class="device-happened">
        <Timeline
          items={list.items.map((event) => ({
            key: String(event.id),
            at: event.at,
            tone: toneOf(event),
            title: <Title event={event} />,
            text: <Text event={event} onOpen={() => setOpen(event)} />,
          }))}
        />
      </div>
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
      {open && (
        <OpenCommand
          id={id}
          uuid={String(open.detail.uuid)}
          channel={open.channel}
          onClose={() => setOpen(undefined)}
          onDone={list.reload}
        />
      )}
    </>
  );
}

function Title({ event: { name, detail } }: { event: Event }) {
  const subject = detail.identifier ?? detail.app ?? detail.step ?? (isNamed(name) ? detail.name : undefined);
  return (
    <>
      {words("events").names[name] ?? <code>{name}</code>}
      {typeof detail.request_type === "string" && <code> {detail.request_type}</code>}
      {typeof subject === "string" && <code> {subject}</code>}
    </>
  );
}

/** Of a recovery value. */
const isNamed = (name: string): boolean => name.startsWith("escrow.");

const stateOf = ({ name, detail }: Event): keyof typeof commandTones | undefined =>
  name === "command.finished" && typeof detail.state === "string" && Object.hasOwn(commandTones, detail.state)
    ? (detail.state as keyof typeof commandTones)
    : undefined;

function toneOf(event: Event): Tone {
  const state = stateOf(event);
  if (state !== undefined) return commandTones[state];
  return /failed|refused|unanswered|stuck|unproven/.test(event.name) ? "bad" : "quiet";
}

/** How a command ended, why a thing failed, and the way to a command's answer. */
function Text({ event, onOpen }: { event: Event; onOpen: () => void }) {
  const { detail, name } = event;
  const state = stateOf(event);
  const why = detail.error ?? detail.reason;
  const parts = [
    state !== undefined && words("devices").commands.states[state],
    typeof why === "string" && why,
  ].filter((part) => typeof part === "string");
  return (
    <>
      {parts.join(": ")}
      {typeof detail.uuid === "string" && name.startsWith("command.") && (
        <Button small kind="quiet" icon="eye" onClick={onOpen}>
          {words("device").command.open}
        </Button>
      )}
    </>
  );
}
