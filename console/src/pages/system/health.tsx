import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { ProblemError, UnreachableError } from "../../api/fault.ts";
import { may } from "../../api/may.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Facts, Section } from "../../parts/page.tsx";
import { Copyable, Empty, Time } from "../../parts/small.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";

type Unready = { name: string; problem: string; remedy: string };
type Readiness = { status?: "ready"; reminders?: string[]; problems?: Unready[] };

/** `/readyz` is no part of the API: monitors ask it, without a token. */
async function askReadiness(signal: AbortSignal): Promise<Readiness & { version: string }> {
  try {
    const [ready, version] = await Promise.all(
      ["/readyz", "/version"].map((path) => fetch(path, { signal })),
    );
    const told = (await version?.json()) as { version: string };
    return { ...((await ready?.json()) as Readiness), version: told.version };
  } catch (error) {
    signal.throwIfAborted();
    throw new UnreachableError(location.origin, error);
  }
}

export function Health() {
  const said = words("operations").system;
  const readiness = useResource(askReadiness, []);
  return (
    <>
      <Load of={readiness}>
        {({ status, problems = [], reminders = [], version }) => (
          <>
            <div class={`note tone-${status === "ready" ? "good" : "bad"}`}>
              <Icon name={status === "ready" ? "check" : "stop"} />
              <div>
                <p class="note-title">{status === "ready" ? said.ready : said.notReady}</p>
                {status === "ready" && <p>{said.readyHint}</p>}
                {problems.length > 0 && (
                  <ul>
                    {problems.map(({ name, problem, remedy }) => (
                      <li key={name + problem}>
                        <code>{name}</code> {problem}. {remedy}
                      </li>
                    ))}
                  </ul>
                )}
              </div>
            </div>
            {reminders.length > 0 && (
              <Section title={said.reminders}>
                <ul class="prose">
                  {reminders.map((reminder) => (
                    <li key={reminder}>{reminder}</li>
                  ))}
                </ul>
              </Section>
            )}
            <Card>
              <Facts items={[[said.version, version]]} />
            </Card>
          </>
        )}
      </Load>
      {may("GET /selftest") && <FromOutside />}
    </>
  );
}

function FromOutside() {
  const said = words("operations").system;
  const test = useResource(async (signal): Promise<{ last: Schemas["Selftest"] | undefined }> => {
    try {
      return { last: await api.get("/selftest", { signal }) };
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) return { last: undefined };
      throw error;
    }
  }, []);
  const begin = useAction(async () => {
    await api.post("/jobs/{kind}", { path: { kind: "selftest" } });
    say(said.testing);
  });
  const now = (
    <Button may="POST /jobs/{kind}" busy={begin.busy} onClick={() => begin.run()}>
      {said.test}
    </Button>
  );
  return (
    <Section title={said.selftest} hint={said.selftestHint} actions={now}>
      <FaultNote fault={begin.fault} />
      <Load of={test}>
        {({ last }) =>
          last === undefined ? (
            <Empty title={said.notTested} icon="shield" />
          ) : (
            <>
              <div class={`note tone-${last.devices_reach_us ? "good" : "bad"}`}>
                <Icon name={last.devices_reach_us ? "check" : "stop"} />
                <div>
                  <p class="note-title">{last.devices_reach_us ? said.reached : said.notReached}</p>
                  <ul>
                    {last.findings
                      .filter(({ remedy }) => remedy !== null)
                      .map(({ probe, request, detail, remedy }) => (
                        <li key={probe}>
                          <code>{request}</code> {detail}. {remedy}
                        </li>
                      ))}
                  </ul>
                </div>
              </div>
              <Card>
                <Facts
                  items={[
                    [said.address, <Copyable key="address" text={last.address} />],
                    [said.tested, <Time key="tested" at={last.tested_at} />],
                  ]}
                />
              </Card>
            </>
          )
        }
      </Load>
    </Section>
  );
}
