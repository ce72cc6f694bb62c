// From an empty server to the first device: each step with the state that the API tells.
import { api } from "../../api/api.ts";
import { may } from "../../api/may.ts";
import { useResource } from "../../api/resource.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Badge, Meter } from "../../parts/small.tsx";
import { words } from "../../words/words.ts";

type Step = {
  name: "push" | "address" | "device" | "ade" | "apps";
  done: boolean;
  optional?: boolean;
  to: string | undefined;
  note?: string;
};

async function readSteps(signal: AbortSignal): Promise<Step[]> {
  const said = words("start").setUp;
  const [push, ade, apps] = await Promise.all([
    api.get("/push-certificates", { signal }),
    api.get("/ade/accounts", { signal }),
    api.get("/apps-and-books/locations", { signal }),
  ]);
  const isLocal = !location.origin.startsWith("https:") || location.hostname.endsWith(".workers.dev");
  const usable = push.items.some(({ in_use, days_left }) => in_use && days_left > 0);
  return [
    { name: "push", done: usable, to: may("POST /push-certificates") ? "/enrollment/push" : undefined },
    {
      name: "address",
      done: !isLocal,
      to: "/enrollment/settings",
      note: isLocal ? said.address.local : said.address.now(location.origin),
    },
    {
      name: "device",
      done: false,
      to: may("POST /enrollment/invitations") ? "/enrollment/invitations?new=yes" : undefined,
    },
    {
      name: "ade",
      done: ade.items.some(({ state }) => state === "ok"),
      optional: true,
      to: may("POST /ade/accounts") ? "/apple" : undefined,
    },
    {
      name: "apps",
      done: apps.items.length > 0,
      optional: true,
      to: may("POST /apps-and-books/locations") ? "/apple/apps" : undefined,
    },
  ];
}

export function SetUp() {
  const said = words("start").setUp;
  const steps = useResource(readSteps, []);
  return (
    <section class="set-up card" aria-label={said.title}>
      <h2>{said.title}</h2>
      <p class="hint">{said.lead}</p>
      <Load of={steps} rows={5}>
        {(known) => {
          const done = known.filter((step) => step.done).length;
          const next = known.find((step) => !step.done);
          return (
            <>
              <div class="set-up-progress">
                <Meter value={done} of={known.length} label={said.progress(done, known.length)} tone="good" />
                <span class="hint">{said.progress(done, known.length)}</span>
              </div>
              <ol class="steps">
                {known.map((step, at) => (
                  <StepLine key={step.name} step={step} number={at + 1} isNext={step === next} />
                ))}
              </ol>
            </>
          );
        }}
      </Load>
    </section>
  );
}

function StepLine({ step, number, isNext }: { step: Step; number: number; isNext: boolean }) {
  const said = words("start").setUp;
  const { title, text, action } = said[step.name];
  return (
    <li class={step.done ? "step done" : isNext ? "step next" : "step"}>
      <span class="step-number" aria-hidden="true">
        {step.done ? <Icon name="check" size={16} /> : number}
      </span>
      <div>
        <h3>
          {title}{" "}
          {step.done ? (
            <Badge tone="good">{said.done}</Badge>
          ) : isNext ? (
            <Badge tone="info">{said.next}</Badge>
          ) : (
            step.optional && <Badge>{said.optional}</Badge>
          )}
        </h3>
        <p class="hint">{text}</p>
        {step.note && <p class="hint">{step.note}</p>}
      </div>
      {!step.done && step.to !== undefined && (
        <ButtonLink to={step.to} kind={isNext ? "primary" : "plain"}>
          {action}
        </ButtonLink>
      )}
    </li>
  );
}
