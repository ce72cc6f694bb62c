import type { Schemas } from "../../../../client/api.d.ts";
import { Section, type Tone } from "../../parts/page.tsx";
import { Meter, Time } from "../../parts/small.tsx";
import { hrefOf } from "../../shell/router.ts";
import { number } from "../../words/forms.ts";
import { words } from "../../words/words.ts";

type Summary = Schemas["Summary"];
type Platform = keyof Summary["enrolled"]["platforms"];

export function Fleet({ summary }: { summary: Summary }) {
  const said = words("start");
  const { devices, enrolled } = summary;
  const hasSeen = ({ days }: { days: number }) => new Date(Date.now() - days * 86_400_000).toISOString();
  if (summary.as_of === null)
    return (
      <Section title={said.fleet}>
        <p class="hint">{said.notCounted}</p>
      </Section>
    );
  const platforms = (Object.entries(enrolled.platforms) as [Platform, number][])
    .filter(([, count]) => count > 0)
    .toSorted(([, left], [, right]) => right - left);
  return (
    <Section
      title={said.fleet}
      hint={
        <>
          {said.counted} <Time at={summary.as_of} />
        </>
      }
    >
      <div class="figures">
        <Figure says={said.enrolled} value={devices.enrolled} query={{ state: "enrolled" }} />
        <Figure
          says={said.encrypted}
          value={enrolled.encrypted.yes}
          of={devices.enrolled}
          tone="good"
          query={{ state: "enrolled", encrypted: "true" }}
        />
        <Figure
          says={said.silent}
          value={enrolled.silent.days_7}
          of={devices.enrolled}
          tone={enrolled.silent.days_7 > 0 ? "warn" : "good"}
          query={{ state: "enrolled", seen_before: hasSeen({ days: 7 }) }}
        />
        <Figure
          says={said.failed}
          value={enrolled.failed}
          of={devices.enrolled}
          tone={enrolled.failed > 0 ? "bad" : "good"}
          query={{ state: "enrolled", failed: "anything" }}
        />
        {devices.pending > 0 && (
          <Figure says={said.pending} value={devices.pending} query={{ state: "pending" }} />
        )}
      </div>
      <div class="grid">
        <Shares
          title={said.platforms}
          of={devices.enrolled}
          rows={platforms.map(([platform, count]) => ({
            says: said.platform[platform],
            count,
            query: platform === "unknown" ? undefined : { state: "enrolled", platform },
          }))}
        />
        <Shares
          title={said.systems}
          of={devices.enrolled}
          rows={enrolled.systems.slice(0, 6).map(({ platform, os_version, devices: count }) => ({
            says: `${systemNames[platform] ?? platform} ${os_version}`,
            count,
            query: { state: "enrolled", platform, os_min: os_version, os_max: os_version },
          }))}
        />
      </div>
    </Section>
  );
}

/** Apple's names: the same in every language. */
const systemNames: Readonly<Record<string, string>> = {
  ios: "iOS",
  ipados: "iPadOS",
  macos: "macOS",
  tvos: "tvOS",
  visionos: "visionOS",
  watchos: "watchOS",
};

function Figure({
  says,
  value,
  of,
  tone = "info",
  query,
}: {
  says: string;
  value: number;
  of?: number;
  tone?: Tone;
  /** The devices that are counted. */
  query: Record<string, string>;
}) {
  return (
    <a class={`figure tone-${tone}`} href={hrefOf("/devices", query)}>
      <span class="figure-says">{says}</span>
      <span class="figure-value">
        {number(value)} {of !== undefined && <small>{words("start").ofDevices(number(of))}</small>}
      </span>
      {of !== undefined && <Meter value={value} of={of} label={says} tone={tone} />}
    </a>
  );
}

function Shares({
  title,
  of,
  rows,
}: {
  title: string;
  of: number;
  rows: readonly { says: string; count: number; query: Record<string, string> | undefined }[];
}) {
  if (rows.length === 0) return null;
  return (
    <div class="card shares">
      <h3>{title}</h3>
      {rows.map(({ says, count, query }) => (
        <div key={says} class="share">
          {query ? <a href={hrefOf("/devices", query)}>{says}</a> : <span>{says}</span>}
          <span class="number">{number(count)}</span>
          <Meter value={count} of={of} label={says} />
        </div>
      ))}
    </div>
  );
}
