import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { type Resource, useAction, useResource } from "../../api/resource.ts";
import { Button, Link } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Facts, PageHead, Section } from "../../parts/page.tsx";
import { Time } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { countsOf, Legend, OutcomeBar, RolloutState, reasonOf } from "./progress.tsx";
import { Rings } from "./rings.tsx";
import { useEvery } from "./use-every.ts";

type Rollout = Schemas["RolloutDetail"];

const freshMs = 15_000;

export function OneRollout({ id }: { id: string }) {
  const said = words("rollouts");
  const { pages } = words("common");
  const rollout = useResource((signal) => api.get("/rollouts/{id}", { path: { id }, signal }), [id]);
  const known = rollout.value;
  useEvery(freshMs, rollout.reload, known?.state === "running");
  return (
    <>
      <PageHead
        title={known?.subject ?? pages.rollouts}
        back={{ to: "/rollouts", title: pages.rollouts }}
        lead={
          known && (
            <span class="badges">
              {said.kinds[known.kind]} <RolloutState state={known.state} />
            </span>
          )
        }
        actions={known && <Decisions rollout={known} onDone={rollout.set} />}
      />
      <Load of={rollout} rows={6}>
        {(one) => (
          <>
            {one.state === "halted" && <WhyHalted rollout={one} />}
            <Overall rollout={one} />
            <Rings rollout={one} />
            <Contents rollout={one} />
          </>
        )}
      </Load>
    </>
  );
}

/** What a person may decide, each with what it means for devices. */
function Decisions({ rollout, onDone }: { rollout: Rollout; onDone: Resource<Rollout>["set"] }) {
  const said = words("rollouts");
  const path = { id: rollout.id };
  const { succeeded, failed, silent, reached, devices } = countsOf(rollout.rings);
  const resume = useAction(async () => {
    const text = said.resumeText(failed, silent);
    if (!(await confirm({ title: said.resumeTitle, text, yes: said.resume }))) return;
    onDone(await api.post("/rollouts/{id}/resume", { path }));
    say(said.resumeDone);
  });
  const finish = useAction(async () => {
    const text = said.finishText(devices - reached);
    if (!(await confirm({ title: said.finishTitle, text, yes: said.finish, danger: true }))) return;
    onDone(await api.post("/rollouts/{id}/finish", { path }));
    say(said.finishDone);
  });
  const cancel = useAction(async () => {
    const text = reached === 0 && succeeded === 0 ? said.cancelNobody : said.cancelText(reached);
    if (!(await confirm({ title: said.cancelTitle, text, yes: said.cancel, danger: true }))) return;
    onDone(await api.post("/rollouts/{id}/cancel", { path }));
    say(said.cancelDone);
  });
  if (rollout.ended_at !== null) return null;
  return (
    <>
      {rollout.state === "halted" && (
        <Button
          kind="primary"
          icon="play"
          may="POST /rollouts/{id}/resume"
          busy={resume.busy}
          onClick={() => resume.run()}
        >
          {said.resume}
        </Button>
      )}
      <Button may="POST /rollouts/{id}/finish" busy={finish.busy} onClick={() => finish.run()}>
        {said.finish}
      </Button>
      <Button kind="danger" may="POST /rollouts/{id}/cancel" busy={cancel.busy} onClick={() => cancel.run()}>
        {said.cancel}
      </Button>
      <FaultNote fault={resume.fault ?? finish.fault ?? cancel.fault} />
    </>
  );
}

function WhyHalted({ rollout }: { rollout: Rollout }) {
  const said = words("rollouts");
  const where = whereItFails(rollout);
  return (
    <div class="note tone-bad" role="status">
      <Icon name="stop" />
      <div>
        <p class="note-title">{said.halted}</p>
        <p>
          <strong>{reasonOf(rollout.reason)}</strong> {said.haltedText}
        </p>
        {where && (
          <p>
            <Link to={where}>{said.whichFailed}</Link>
          </p>
        )}
      </div>
    </div>
  );
}

/** The page that names the devices that failed. */
function whereItFails({ kind, subject, changes }: Rollout): string | undefined {
  if (kind === "policy") return `/updates/${encodeURIComponent(subject.split(" ")[0] ?? "")}`;
  const change = changes[0];
  return change && `/${change.kind}s/${encodeURIComponent(change.identifier)}`;
}

function Overall({ rollout }: { rollout: Rollout }) {
  const said = words("rollouts");
  const { say: common } = words("common");
  const counts = countsOf(rollout.rings);
  if (rollout.counted_at === null && rollout.ended_at === null)
    return (
      <Card>
        <p role="status">{said.counting}</p>
      </Card>
    );
  return (
    <Card>
      <div class="overall">
        <p class="overall-figure">{said.haveIt(counts.succeeded, counts.devices)}</p>
        <OutcomeBar counts={counts} />
        <Legend counts={counts} />
      </div>
      <Facts
        items={[
          [said.started, <Time key="started" at={rollout.created_at} />],
          rollout.next_ring_at !== null && [
            said.nextRing,
            <>
              <Time at={rollout.next_ring_at} /> <span class="quiet">{said.atTheEarliest}</span>
            </>,
          ],
          rollout.ended_at !== null && [
            said.ended,
            <>
              <Time at={rollout.ended_at} />
              {rollout.ended_by === "rollouts" && <span class="quiet"> · {said.endedByItself}</span>}
            </>,
          ],
          [said.changed, <Time key="counted" at={rollout.counted_at} never={common.unknown} />],
          [
            said.plan,
            `${said.planSays(rollout.plan.hours)} ${said.halts(rollout.plan.max_failed_percent, rollout.plan.max_silent_percent)}`,
          ],
        ]}
      />
    </Card>
  );
}

function Contents({ rollout: { changes } }: { rollout: Rollout }) {
  const said = words("rollouts");
  if (changes.length === 0) return null;
  return (
    <Section title={said.contains}>
      <Card>
        <ul class="changes">
          {changes.map(({ kind, identifier, change, version, former_version, set }) => (
            <li key={`${kind} ${identifier} ${set ?? ""}`}>
              <span class="quiet">{said.kinds[kind]}</span>{" "}
              <Link to={`/${kind}s/${encodeURIComponent(identifier)}`}>
                <span class="breakable">{identifier}</span>
              </Link>
              <span class="quiet">
                {change === "version" && version !== null && former_version !== null
                  ? said.versions(former_version, version)
                  : said.changes[change]}
                {set !== null && ` · ${said.kinds.set} ${set}`}
              </span>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}
