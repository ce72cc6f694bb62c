// One command: what the device got, and what it answered. Secrets are masked by the server.

import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { maySend } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Facts } from "../../parts/page.tsx";
import { Badge, CodeBlock, Copyable, Time } from "../../parts/small.tsx";
import type { Tone } from "../../parts/tone.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { usePolling } from "./polling.ts";

export type Command = Schemas["Command"];

export const commandTones: Record<Command["state"], Tone> = {
  queued: "info",
  sent: "info",
  not_now: "warn",
  acknowledged: "good",
  error: "bad",
  format_error: "bad",
  cancelled: "quiet",
  expired: "quiet",
};

export const waits = ({ state }: Pick<Command, "state">): boolean =>
  state === "queued" || state === "sent" || state === "not_now";

/** A part of the server that gives commands by itself, in words; undefined: the id of a token. */
const partOf = (origin: string): string | undefined => {
  const { origins } = words("device").command;
  return Object.hasOwn(origins, origin) ? origins[origin as keyof typeof origins] : undefined;
};

export const Origin = ({ of }: { of: string }) => <span class="quiet breakable">{partOf(of) ?? of}</span>;

/** What the server's own commands were for is tried again elsewhere. */
const cameToNothing = ({ state, origin }: Command): boolean =>
  !waits({ state }) && state !== "acknowledged" && partOf(origin) === undefined;

/** Opened from the list of commands, and from what happened. */
export function OpenCommand({
  id,
  uuid,
  channel,
  onClose,
  onDone,
}: {
  id: string;
  uuid: string;
  channel: string | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { command: said } = words("device");
  const { commands } = words("devices");
  const command = useResource(
    (signal) =>
      api.get("/devices/{id}/commands/{uuid}", {
        path: { id, uuid },
        query: { channel: channel ?? undefined },
        signal,
      }),
    [id, uuid],
  );
  usePolling(command.value !== undefined && waits(command.value), command.reload);
  return (
    <Dialog title={command.value?.request_type ?? commands.command} onClose={onClose} wide transient>
      <Load of={command} rows={5}>
        {(known) => (
          <>
            <Facts
              items={[
                [
                  words("devices").state,
                  <>
                    <Badge tone={commandTones[known.state]}>{commands.states[known.state]}</Badge>
                    {known.error !== null && <div>{known.error}</div>}
                  </>,
                ],
                [commands.queued, <Time key="queued" at={known.queued_at} />],
                known.sent_at !== null && [said.sent, <Time key="sent" at={known.sent_at} />],
                known.finished_at !== null && [
                  commands.finished,
                  <Time key="finished" at={known.finished_at} />,
                ],
                [commands.by, <Origin key="by" of={known.origin} />],
                [said.uuid, <Copyable key="uuid" text={known.uuid} />],
              ]}
            />
            <h3>{said.payload}</h3>
            {known.payload === null ? (
              <p class="hint">{said.notKept}</p>
            ) : (
              <CodeBlock label={said.payload} text={JSON.stringify(known.payload, null, 2)} />
            )}
            <h3>{said.answer}</h3>
            {known.result === null ? (
              <p class="hint">{known.truncated ? said.tooLong : said.noAnswer}</p>
            ) : (
              <CodeBlock label={said.answer} text={JSON.stringify(known.result, null, 2)} />
            )}
            <div class="actions">
              <GiveAgain
                id={id}
                command={known}
                onDone={() => {
                  onDone();
                  onClose();
                }}
              />
            </div>
          </>
        )}
      </Load>
    </Dialog>
  );
}

export function GiveAgain({ id, command, onDone }: { id: string; command: Command; onDone: () => void }) {
  const { uuid, channel, request_type: type } = command;
  const again = useAction(async () => {
    await api.post("/devices/{id}/commands/{uuid}/retry", {
      path: { id, uuid },
      query: { channel: channel ?? undefined },
    });
    say(words("device").again.command);
    onDone();
  });
  if (!cameToNothing(command) || !maySend(type)) return null;
  return (
    <>
      <Button
        small
        icon="update"
        may="POST /devices/{id}/commands/{uuid}/retry"
        busy={again.busy}
        onClick={() => again.run()}
      >
        {words("device").again.one}
      </Button>
      <FaultNote fault={again.fault} />
    </>
  );
}
