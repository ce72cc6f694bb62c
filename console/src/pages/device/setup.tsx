// How the set-up of a device stands that is held in Setup Assistant: its steps, and letting it go by hand.
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts, Section, type Tone } from "../../parts/page.tsx";
import { Badge, Empty, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { say } from "../../shell/toasts.tsx";
import { duration } from "../../words/forms.ts";
import { words } from "../../words/words.ts";
import { Again } from "./again.tsx";
import type { DeviceProps } from "./device-props.ts";
import { usePolling } from "./polling.ts";

type Progress = Schemas["Setup"];
type Step = Progress["steps"][number];

const tones: Record<Progress["state"], Tone> = {
  running: "info",
  releasing: "info",
  released: "good",
  stuck: "bad",
};
const stepTones: Record<Step["state"], Tone> = { running: "info", done: "good", failed: "bad", late: "warn" };

/** One command makes the step; it can be given again while the device is held. */
const isCommand = ({ name }: Step): boolean => name === "accounts" || name === "recovery-lock";

export function Setup({ device, onDone }: DeviceProps) {
  const { id } = device;
  const said = words("device").setup;
  const setup = useResource((signal) => api.get("/devices/{id}/setup", { path: { id }, signal }), [id]);
  const state = setup.value?.state;
  const reload = () => {
    setup.reload();
    onDone();
  };
  usePolling(state === "running" || state === "releasing", reload);
  const release = useAction(async () => {
    if (!(await confirm({ title: said.release, text: said.releaseText, yes: said.release }))) return;
    setup.set(await api.post("/devices/{id}/setup/release", { path: { id } }));
    say(said.releasedNow);
    onDone();
  });
  const { fault } = setup;
  if (fault && "problem" in fault && fault.problem.status === 404)
    return (
      <Empty title={said.none} icon="device">
        {said.noneHint}
      </Empty>
    );
  return (
    <Load of={setup} rows={5}>
      {(progress) => (
        <>
          <Card>
            <Facts
              items={[
                [
                  words("devices").state,
                  <Badge key="state" tone={tones[progress.state]}>
                    {said.states[progress.state]}
                  </Badge>,
                ],
                [said.began, <Time key="began" at={progress.began_at} />],
                progress.state === "running" && [said.ends, <Time key="ends" at={progress.ends_at} />],
                progress.released_at !== null && [
                  said.releasedAt,
                  <Time key="released" at={progress.released_at} />,
                ],
                progress.released_by !== null && [
                  said.releasedBy,
                  said.by[progress.released_by as keyof typeof said.by] ?? (
                    <code>{progress.released_by}</code>
                  ),
                ],
              ]}
            />
            {(progress.state === "running" || progress.state === "stuck") && (
              <div class="actions">
                <Button
                  may="POST /devices/{id}/setup/release"
                  busy={release.busy}
                  onClick={() => release.run()}
                >
                  {said.release}
                </Button>
              </div>
            )}
            <FaultNote fault={release.fault} />
          </Card>
          <Section title={said.steps}>
            <Steps device={id} progress={progress} onDone={reload} />
          </Section>
        </>
      )}
    </Load>
  );
}

function Steps({ device, progress, onDone }: { device: string; progress: Progress; onDone: () => void }) {
  const said = words("device").setup;
  const list = { items: progress.steps, fault: undefined, loading: false, more: undefined, reload: onDone };
  return (
    <Table
      label={said.steps}
      list={list}
      idOf={({ name }) => name}
      columns={[
        { key: "name", title: said.step, cell: ({ name }) => said.names[name] },
        {
          key: "state",
          title: words("devices").state,
          cell: (step) => (
            <div class="device-standing">
              <div>
                <Badge tone={stepTones[step.state]}>{said.stepStates[step.state]}</Badge>
              </div>
              {step.error !== null && <div>{step.error}</div>}
              {step.holds && <div class="hint">{said.holds}</div>}
              {step.state === "failed" && progress.state === "running" && isCommand(step) && (
                <div class="actions">
                  <Again device={device} wish={{ kind: "setup-step", name: step.name }} onDone={onDone} />
                </div>
              )}
            </div>
          ),
        },
        { key: "took", title: said.took, cell: ({ age_seconds }) => duration(age_seconds) },
      ]}
      empty={null}
    />
  );
}
