import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { Card, Facts, Section } from "../../parts/page.tsx";
import { Badge, Meter } from "../../parts/small.tsx";
import { dateTimeOf, number } from "../../words/forms.ts";
import { language } from "../../words/language.ts";
import { words } from "../../words/words.ts";
import { aDay, busiestOf, dollarsOf, freeIncludes, type Need, needs, planFor, sumOf } from "./prices.ts";

const tones = { free: "good", tight: "warn", paid: "info" } as const;

/** What Cloudflare counted, where the server may ask it, and what a fleet of this size needs by our own measurements. */
export function Cost() {
  const said = words("operations").system;
  const usage = useResource((signal) => api.get("/usage", { signal }), []);
  const summary = useResource((signal) => api.get("/summary", { signal }), []);
  return (
    <>
      <p class="hint lead">{said.costHint}</p>
      <Load of={usage}>
        {(told) =>
          told.counted ? (
            <Counted usage={told} />
          ) : (
            <p class="hint">
              {said.notCounted} <q lang="en">{told.trouble}</q>
            </p>
          )
        }
      </Load>
      <Load of={summary}>{({ devices: { enrolled } }) => <Estimated devices={enrolled} />}</Load>
      <p class="hint">{said.problems}</p>
    </>
  );
}

function Counted({ usage: { days, as_of: asOf } }: { usage: Schemas["Usage"] }) {
  const said = words("operations").system;
  const month = sumOf(days);
  return (
    <>
      <Section title={said.counted(dateTimeOf(asOf))} hint={said.countedHint}>
        <Card>
          <Facts
            items={[
              ...needs.map((need): [string, string] => [said.rows[need], number(month[need])]),
              [said.paidSoFar, <strong key="dollars">{money(dollarsOf(month))}</strong>],
            ]}
          />
        </Card>
      </Section>
      <Section title={said.busiest} hint={said.freeLimit}>
        <Needs of={busiestOf(days)} />
      </Section>
    </>
  );
}

function Estimated({ devices }: { devices: number }) {
  const said = words("operations").system;
  const { plan, dollars } = planFor(devices);
  return (
    <>
      <Section title={said.costFor(words("common").say.devices(devices))}>
        <Card>
          <Facts
            items={[
              [
                said.plan,
                <Badge key="plan" tone={tones[plan]}>
                  {said[plan]}
                </Badge>,
              ],
              [
                said.month,
                <span key="month">
                  <strong>{money(dollars)}</strong> <Badge>{said.estimated}</Badge>
                </span>,
              ],
            ]}
          />
        </Card>
      </Section>
      <Section title={said.day} hint={said.freeLimit}>
        <Needs of={aDay(devices)} />
      </Section>
    </>
  );
}

function Needs({ of: day }: { of: Record<Need, number> }) {
  const said = words("operations").system;
  return (
    <Card>
      <Facts
        items={needs.map((need) => [
          said.rows[need],
          <div key={need} class="measured">
            <span>{said.of(number(day[need]), number(freeIncludes[need]))}</span>
            <Meter
              value={day[need]}
              of={freeIncludes[need]}
              label={said.rows[need]}
              tone={toneOf(day[need] / freeIncludes[need])}
            />
          </div>,
        ])}
      />
    </Card>
  );
}

const toneOf = (share: number): "bad" | "warn" | "good" =>
  share > 1 ? "bad" : share > 0.5 ? "warn" : "good";

const money = (dollars: number): string =>
  new Intl.NumberFormat(language.value, { style: "currency", currency: "USD" }).format(dollars);
