// The values that open a device again. Each is read only when it is asked for, with a reason: the audit log keeps both.
import { useState } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm, Dialog } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Card } from "../../parts/page.tsx";
import { Badge, CodeBlock, Copyable, Empty, Time } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./device-props.ts";

type Values = Schemas["EscrowValues"];
type Name = Values["name"];
type Entry = Schemas["Escrowed"];
type Rotation = Schemas["SecretRotation"];

/** Those that the server can change by itself. */
const changeable = ["filevault-key", "recovery-lock", "managed-admin"] as const;
type Changeable = (typeof changeable)[number];
const isChangeable = (name: Name): name is Changeable => (changeable as readonly string[]).includes(name);

export const Recovery = ({ device: { id, rotations, state }, onDone }: DeviceProps) => (
  <KeptValues id={id} rotations={rotations} isEnrolled={state === "enrolled"} onDone={onDone} />
);

/** `id`: of a device that was deleted, its serial number will do. */
export function KeptValues({
  id,
  rotations = [],
  isEnrolled = false,
  onDone = () => undefined,
}: {
  id: string;
  rotations?: readonly Rotation[];
  isEnrolled?: boolean;
  onDone?: () => void;
}) {
  const said = words("device").recovery;
  const kept = useResource((signal) => api.get("/devices/{id}/escrow", { path: { id }, signal }), [id]);
  return (
    <Load of={kept} rows={4}>
      {({ items }) => {
        const names = [...new Set(items.map(({ name }) => name as Name))];
        if (names.length === 0) return <Empty title={words("devices").recovery.none} icon="key" />;
        return (
          <div class="device-values">
            {may("GET /devices/{id}/escrow/{name}") && <p class="hint">{said.lead}</p>}
            {names.map((name) => (
              <Value
                key={name}
                id={id}
                name={name}
                entries={items.filter((item) => item.name === name)}
                rotation={rotations.find((one) => one.name === name)}
                isEnrolled={isEnrolled}
                onDone={onDone}
              />
            ))}
          </div>
        );
      }}
    </Load>
  );
}

function Value({
  id,
  name,
  entries,
  rotation,
  isEnrolled,
  onDone,
}: {
  id: string;
  name: Name;
  entries: readonly Entry[];
  rotation: Rotation | undefined;
  isEnrolled: boolean;
  onDone: () => void;
}) {
  const said = words("device").recovery;
  const { recovery } = words("devices");
  const [asks, setAsks] = useState(false);
  const [shown, setShown] = useState<Values>();
  const current = entries.find((entry) => entry.current) ?? entries[0];
  return (
    <Card>
      <div class="device-value">
        <h2>{recovery.names[name]}</h2>
        <p class="hint">{said.what[name]}</p>
        <p class="hint">
          {said.stored} <Time at={current?.stored_at} />
          {current?.archived_at != null && (
            <>
              {" "}
              · {said.deleted} <Time at={current.archived_at} />
            </>
          )}
          {entries.length > 1 && <> · {said.earlier(entries.length - 1)}</>}
        </p>
        {rotation && <RotationNote rotation={rotation} />}
        {shown && <Shown values={shown} label={recovery.names[name]} />}
        <div class="actions">
          {shown === undefined ? (
            <Button icon="eye" may="GET /devices/{id}/escrow/{name}" onClick={() => setAsks(true)}>
              {recovery.show}
            </Button>
          ) : (
            <Button onClick={() => setShown(undefined)}>{said.hide}</Button>
          )}
          {isChangeable(name) && isEnrolled && (
            <Rotate
              id={id}
              name={name}
              onDone={() => {
                setShown(undefined);
                onDone();
              }}
            />
          )}
        </div>
      </div>
      {asks && (
        <Reason
          id={id}
          name={name}
          onClose={() => setAsks(false)}
          onShown={(values) => {
            setAsks(false);
            setShown(values);
            onDone();
          }}
        />
      )}
    </Card>
  );
}

/** Who reads a value says why. */
function Reason({
  id,
  name,
  onClose,
  onShown,
}: {
  id: string;
  name: Name;
  onClose: () => void;
  onShown: (values: Values) => void;
}) {
  const said = words("device").recovery;
  const { recovery } = words("devices");
  const form = useForm({ reason: "" }, async ({ reason }) => {
    onShown(
      await api.get("/devices/{id}/escrow/{name}", { path: { id, name }, query: { reason: reason.trim() } }),
    );
  });
  return (
    <Dialog title={recovery.names[name]} onClose={onClose} transient>
      <p>{said.showText}</p>
      <Form state={form} submit={recovery.show} onCancel={onClose}>
        <TextField
          label={said.reason}
          hint={said.reasonHint}
          required
          error={form.errors["/reason"]}
          value={form.values.reason}
          onInput={(reason) => form.set({ reason })}
        />
      </Form>
    </Dialog>
  );
}

function Shown({ values, label }: { values: Values; label: string }) {
  const said = words("device").recovery;
  const others = values.items.filter(({ value }) => value !== values.value);
  return (
    <>
      {values.value === null ? (
        <p class="quiet">{words("devices").recovery.noCurrent}</p>
      ) : (
        <Secret text={values.value} label={label} />
      )}
      {others.map((one) => (
        <div key={`${one.stored_at} ${one.generation}`} class="device-former">
          <Secret text={one.value} label={label} />
          <span class="hint">
            <Time at={one.stored_at} /> ·{" "}
            {!one.confirmed ? said.unconfirmed : one.current ? said.older : said.former}
          </span>
        </div>
      ))}
    </>
  );
}

/** Tokens are long. */
const Secret = ({ text, label }: { text: string; label: string }) =>
  text.length > 64 ? <CodeBlock text={text} label={label} /> : <Copyable text={text} />;

function RotationNote({ rotation: { state, rotation_due, error, next_at } }: { rotation: Rotation }) {
  const said = words("device").recovery;
  const at = state === "due" ? rotation_due : state === "failed" ? next_at : null;
  return (
    <p>
      <Badge tone={state === "failed" ? "bad" : "info"}>{said.rotations[state]}</Badge>{" "}
      {at !== null && <Time at={at} />}
      {error !== null && <span class="hint"> {error}</span>}
    </p>
  );
}

function Rotate({ id, name, onDone }: { id: string; name: Changeable; onDone: () => void }) {
  const said = words("device").recovery;
  const title = said.rotate[name];
  const rotate = useAction(async () => {
    if (!(await confirm({ title, text: said.rotateText[name], yes: title }))) return;
    if (name === "managed-admin")
      await api.post("/devices/{id}/escrow/managed-admin/rotate", { path: { id } });
    else await api.post("/devices/{id}/escrow/{name}/rotate", { path: { id, name } });
    say(words("devices").act.given);
    onDone();
  });
  return (
    <>
      <Button
        icon="update"
        may="POST /devices/{id}/escrow/{name}/rotate"
        busy={rotate.busy}
        onClick={() => rotate.run()}
      >
        {title}
      </Button>
      <FaultNote fault={rotate.fault} />
    </>
  );
}
