import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Load } from "../../parts/fault.tsx";
import { Card, Facts, Section } from "../../parts/page.tsx";
import { Badge, Meter } from "../../parts/small.tsx";
import { number } from "../../words/forms.ts";
import { language } from "../../words/language.ts";
import { words } from "../../words/words.ts";
import { aDay, freeIncludes, type Need, planFor } from "./prices.ts";

const needs = ["requests", "objects", "objectRows", "rows"] as const satisfies readonly Need[];
const tones = { free: "good", tight: "warn", paid: "info" } as const;

export function Cost() {
  const said = words("operations").system;
  const summary = useResource((signal) => api.get("/summary", { signal }), []);
  return (
    <>
      <p class="hint lead">{said.costHint}</p>
      <Load of={summary}>
        {({ devices: { enrolled } }) => {
          const day = aDay(enrolled);
          const { plan, dollars } = planFor(enrolled);
          return (
            <>
              <Section title={said.costFor(words("common").say.devices(enrolled))}>
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
                          tone={
                            day[need] > freeIncludes[need]
                              ? "bad"
                              : day[need] > freeIncludes[need] / 2
                                ? "warn"
                                : "good"
                          }
                        />
                      </div>,
                    ])}
                  />
                </Card>
              </Section>
              <p class="hint">{said.problems}</p>
            </>
          );
        }}
      </Load>
    </>
  );
}

const money = (dollars: number): string =>
  new Intl.NumberFormat(language.value, { style: "currency", currency: "USD" }).format(dollars);
