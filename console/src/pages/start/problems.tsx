import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { ButtonLink, OutLink } from "../../parts/button.tsx";
import { Load } from "../../parts/fault.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Card, Section, type Tone } from "../../parts/page.tsx";
import { Badge, Disclosure, Time } from "../../parts/small.tsx";
import { dateOf } from "../../words/forms.ts";
import { language } from "../../words/language.ts";
import { words } from "../../words/words.ts";
import { placesOf } from "./problem-place.ts";

type Problem = Schemas["ProblemEntry"];

const tones: Record<Problem["urgency"], Tone> = { urgent: "bad", soon: "warn", notice: "info" };

/** Most urgent first, as the server lists them, in the language of the console. */
export function Problems() {
  const said = words("start");
  const problems = useResource(
    (signal) => api.get("/problems", { query: { language: language.value }, signal }),
    [language.value],
  );
  return (
    <Section title={said.needsYou}>
      <Load of={problems}>
        {({ items }) => {
          const urgent = items.filter(({ urgency }) => urgency !== "notice");
          const notices = items.filter(({ urgency }) => urgency === "notice");
          return (
            <div>
              {urgent.length === 0 && (
                <div class="all-well tone-good">
                  <Icon name="check" size={22} />
                  <div>
                    <p class="note-title">{said.allWell}</p>
                    <p class="hint">{said.allWellHint}</p>
                  </div>
                </div>
              )}
              {urgent.map((problem) => (
                <ProblemCard key={problem.code + problem.subject} problem={problem} />
              ))}
              {notices.length > 0 && (
                <Disclosure title={said.showNotices(notices.length)}>
                  {notices.map((problem) => (
                    <ProblemCard key={problem.code + problem.subject} problem={problem} />
                  ))}
                </Disclosure>
              )}
            </div>
          );
        }}
      </Load>
    </Section>
  );
}

function ProblemCard({ problem }: { problem: Problem }) {
  const said = words("start");
  return (
    <Card tone={tones[problem.urgency]}>
      <article class="problem">
        <div class="problem-head">
          <h3>{problem.title}</h3>
          <Badge tone={tones[problem.urgency]}>{said.urgency[problem.urgency]}</Badge>
        </div>
        <p>{problem.means}</p>
        <p class="what-to-do">
          <Icon name="next" size={16} /> <span>{withLinks(problem.what_to_do)}</span>
        </p>
        <div class="problem-foot">
          <span class="hint">
            {problem.devices !== null && <>{said.affects(problem.devices)} · </>}
            {said.since} <Time at={problem.since} />
            {problem.ends_at !== null && (
              <>
                {" "}
                · {said.ends} {dateOf(problem.ends_at)}
              </>
            )}
          </span>
          <span class="actions">
            {placesOf(problem).map(({ to, says }, at) => (
              <ButtonLink
                key={to}
                to={to}
                kind={at > 0 ? "quiet" : problem.urgency === "urgent" ? "primary" : "plain"}
                small
              >
                {said.act[says]}
              </ButtonLink>
            ))}
          </span>
        </div>
      </article>
    </Card>
  );
}

/** The addresses in what the server says, as links. */
const withLinks = (text: string) =>
  text.split(/(https:\/\/[^\s,;)]+[^\s,;).])/).map((part, at) =>
    at % 2 === 1 ? (
      <OutLink key={part} href={part}>
        {part}
      </OutLink>
    ) : (
      part
    ),
  );
