// Jobs: long work that the server does by itself.
import { useEffect } from "preact/hooks";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, PageHead, type Tone } from "../../parts/page.tsx";
import { Badge, Disclosure, Time } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Job = Schemas["Job"];

const tones: Record<Schemas["JobRun"]["state"], Tone> = {
  running: "info",
  done: "good",
  failed: "bad",
  cancelled: "quiet",
};
const whileRunningMs = 3000;

export default function JobsPage() {
  const said = words("operations").jobs;
  const jobs = useResource((signal) => api.get("/jobs", { signal }), []);
  const runs = jobs.value?.items.some(({ run }) => run?.state === "running") === true;
  useEffect(() => {
    if (!runs) return;
    const timer = setTimeout(jobs.reload, whileRunningMs);
    return () => clearTimeout(timer);
  }, [runs, jobs.value, jobs.reload]);
  return (
    <>
      <PageHead title={words("common").pages.jobs} lead={said.lead} />
      <Load of={jobs} rows={8}>
        {({ items }) => (
          <ul class="cards">
            {items.map((job) => (
              <li key={job.kind}>
                <OneJob job={job} onChange={jobs.reload} />
              </li>
            ))}
          </ul>
        )}
      </Load>
    </>
  );
}

function OneJob({ job: { kind, summary, run }, onChange }: { job: Job; onChange: () => void }) {
  const said = words("operations").jobs;
  const start = useAction(async () => {
    await api.post("/jobs/{kind}", { path: { kind } });
    say(said.started);
    onChange();
  });
  const cancel = useAction(async () => {
    await api.delete("/jobs/{kind}", { path: { kind } });
    say(said.cancelled);
    onChange();
  });
  return (
    <Card>
      <div class="section-head">
        <h2 class="job-name">{kind}</h2>
        <div class="actions">
          {run?.state === "running" ? (
            <Button small may="DELETE /jobs/{kind}" busy={cancel.busy} onClick={() => cancel.run()}>
              {said.cancel}
            </Button>
          ) : (
            <Button
              small
              icon="play"
              may="POST /jobs/{kind}"
              busy={start.busy}
              label={`${said.start}: ${kind}`}
              onClick={() => start.run()}
            >
              {said.start}
            </Button>
          )}
        </div>
      </div>
      <p class="hint">{summary}</p>
      <p class="actions">
        {run === null ? (
          <Badge>{said.never}</Badge>
        ) : (
          <>
            <Badge tone={tones[run.state]}>{said.states[run.state]}</Badge>
            <Time at={run.finished_at ?? run.started_at} />
          </>
        )}
      </p>
      {run?.outcome && <p>{run.outcome}</p>}
      {run?.last_fault && run.state === "failed" && <p class="error">{run.last_fault}</p>}
      {run !== null && run.remark_count > 0 && (
        <Disclosure title={said.remarks(run.remark_count)}>
          <ul>
            {run.remarks.map(({ about, detail }, at) => (
              <li key={at}>
                <code>{about}</code> {detail}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
      <FaultNote fault={start.fault ?? cancel.fault} />
    </Card>
  );
}
