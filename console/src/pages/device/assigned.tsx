// What it should have against what it has: what failed says why, what to do, and is tried again.
import type { ComponentChildren } from "preact";
import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { type List, useList, useResource } from "../../api/resource.ts";
import { Link } from "../../parts/button.tsx";
import { Card, Section, type Tone } from "../../parts/page.tsx";
import { Badge, Time } from "../../parts/small.tsx";
import { Table } from "../../parts/table.tsx";
import { words } from "../../words/words.ts";
import { Again } from "./again.tsx";
import { type Declaration, Declarations, DeclarationsOfUsers, readOfUsers } from "./declarations.tsx";
import type { DeviceProps } from "./device-props.ts";
import { usePolling } from "./polling.ts";

type Profile = Schemas["AssignedProfile"];
type App = Schemas["AssignedApp"];

const profileTones: Record<Profile["state"], Tone> = {
  pending: "info",
  installed: "good",
  failed: "bad",
  not_applicable: "quiet",
  removing: "info",
};

const declarationTones: Record<Declaration["state"], Tone> = {
  pending: "info",
  active: "good",
  inactive: "quiet",
  invalid: "bad",
  unknown_to_device: "bad",
  stale: "bad",
};

const appTones: Record<App["state"], Tone> = {
  waiting_for_licence: "warn",
  pending: "info",
  installing: "info",
  waiting_for_person: "warn",
  installed: "good",
  failed: "bad",
  not_applicable: "quiet",
  removing: "info",
};

export function Assigned({ device }: DeviceProps) {
  const { id } = device;
  const said = words("device");
  const profiles = useList(
    ({ signal }) => api.get("/devices/{id}/profiles", { path: { id }, ...(signal && { signal }) } as never),
    [id],
  ) as List<Profile>;
  const declarations = useList(
    ({ signal, cursor }) =>
      api.get("/devices/{id}/declarations", { path: { id }, query: { cursor }, ...(signal && { signal }) }),
    [id],
  );
  const apps = useList(
    ({ signal }) => api.get("/devices/{id}/assigned-apps", { path: { id }, ...(signal && { signal }) }),
    [id],
  );
  const ofUsers = useResource((signal) => readOfUsers(id, signal), [id]);
  const reload = () => {
    profiles.reload();
    declarations.reload();
    ofUsers.reload();
    apps.reload();
  };
  const everyDeclaration = {
    items: [...declarations.items, ...(ofUsers.value ?? []).flatMap(({ items }) => items)],
  };
  const failed =
    countOf(profiles, failedProfile) +
    countOf(everyDeclaration, failedDeclaration) +
    countOf(apps, failedApp);
  const moving =
    countOf(profiles, ({ state }) => profileTones[state] === "info") +
    countOf(everyDeclaration, ({ state }) => state === "pending") +
    countOf(apps, ({ state }) => appTones[state] === "info");
  usePolling(moving > 0, reload);
  const isEnrolled = device.state === "enrolled";
  const declarationState = (declaration: Declaration, channel: string) => (
    <DeclarationState
      declaration={declaration}
      channel={channel}
      device={id}
      tries={isEnrolled}
      onDone={reload}
    />
  );
  const userOf = (channel: string | null) =>
    ofUsers.value?.find((one) => one.channel === channel)?.user ?? channel;
  return (
    <>
      {failed > 0 && isEnrolled && (
        <Card tone="bad">
          <div class="device-failed">
            <strong>{said.again.failed(failed)}</strong>
            <Again device={id} title={said.again.all} onDone={reload} />
          </div>
        </Card>
      )}
      <Section title={said.assigned.profiles}>
        <Table
          label={said.assigned.profiles}
          list={profiles}
          idOf={({ identifier, channel }) => `${identifier} ${channel ?? ""}`}
          columns={[
            {
              key: "identifier",
              title: words("devices").name,
              cell: ({ identifier, channel }) => (
                <div class="breakable">
                  <Link to={`/profiles/${encodeURIComponent(identifier)}`}>{identifier}</Link>
                  {channel !== null && <div class="hint">{userOf(channel)}</div>}
                </div>
              ),
            },
            {
              key: "state",
              title: words("devices").state,
              cell: (profile) => (
                <ProfileState profile={profile} device={id} tries={isEnrolled} onDone={reload} />
              ),
            },
          ]}
          empty={<p class="hint">{said.assigned.noProfiles}</p>}
        />
      </Section>
      <Section title={said.assigned.declarations}>
        <Declarations
          label={said.assigned.declarations}
          list={declarations}
          stateOf={(declaration) => declarationState(declaration, "")}
        />
      </Section>
      <DeclarationsOfUsers of={ofUsers} stateOf={declarationState} />
      <Section title={said.assigned.apps}>
        <Table
          label={said.assigned.apps}
          list={apps}
          idOf={({ name }) => name}
          columns={[
            {
              key: "name",
              title: words("devices").name,
              cell: ({ name, installed_version }) => (
                <div>
                  <Link to={`/apps/${encodeURIComponent(name)}`}>{name}</Link>
                  {installed_version !== null && <div class="hint">{installed_version}</div>}
                </div>
              ),
            },
            {
              key: "state",
              title: words("devices").state,
              cell: (app) => <AppState app={app} device={id} tries={isEnrolled} onDone={reload} />,
            },
          ]}
          empty={<p class="hint">{said.assigned.noApps}</p>}
        />
      </Section>
    </>
  );
}

const failedProfile = ({ state }: Profile): boolean => state === "failed";
const failedDeclaration = ({ state }: Declaration): boolean => declarationTones[state] === "bad";
const failedApp = ({ state }: App): boolean => state === "failed";

const countOf = <Item,>({ items }: Pick<List<Item>, "items">, fits: (item: Item) => boolean): number =>
  items.filter(fits).length;

type StateProps = { device: string; tries: boolean; onDone: () => void };

function ProfileState({ profile, ...place }: StateProps & { profile: Profile }) {
  const { state, reason, identifier: name, channel } = profile;
  const said = words("device").again;
  return (
    <Standing
      badge={<Badge tone={profileTones[state]}>{words("devices").assigned.states[state]}</Badge>}
      reason={reason}
      failure={failedProfile(profile) ? profile : undefined}
      hint={reason?.startsWith("there is no value for") ? said.hints.value : said.hints.profile}
      wish={{ kind: "profile", name, channel: channel ?? "" }}
      {...place}
    />
  );
}

function DeclarationState({
  declaration,
  channel,
  ...place
}: StateProps & { declaration: Declaration; channel: string }) {
  const { state, reported, identifier: name } = declaration;
  const { again, assigned } = words("device");
  const reason = reported?.reasons.map(({ code, description }) => description ?? code).join(" ") || null;
  return (
    <Standing
      badge={<Badge tone={declarationTones[state]}>{assigned.declarationStates[state]}</Badge>}
      reason={reason}
      failure={failedDeclaration(declaration) ? { attempts: 0, retry_at: null } : undefined}
      hint={state in again.hints ? again.hints[state as "invalid"] : ""}
      wish={{ kind: "declaration", name, channel }}
      {...place}
    />
  );
}

function AppState({ app, ...place }: StateProps & { app: App }) {
  const { state, reason, name } = app;
  const { again, assigned } = words("device");
  return (
    <Standing
      badge={<Badge tone={appTones[state]}>{assigned.appStates[state]}</Badge>}
      reason={reason}
      failure={failedApp(app) ? app : undefined}
      hint={again.hints.app}
      wish={{ kind: "app", name }}
      {...place}
    />
  );
}

/** The state in a word; of what failed, why, what to do, when it is tried again, and now. */
function Standing({
  badge,
  reason,
  failure,
  hint,
  wish,
  device,
  tries,
  onDone,
}: StateProps & {
  badge: ComponentChildren;
  reason: string | null;
  failure: { attempts: number; retry_at: string | null } | undefined;
  hint: string;
  wish: Schemas["RetryWish"];
}) {
  const said = words("devices").assigned;
  return (
    <div class="device-standing">
      <div>{badge}</div>
      {reason !== null && <div>{reason}</div>}
      {failure && <div class="hint">{hint}</div>}
      {failure && failure.attempts > 0 && (
        <div class="hint">
          {said.attempts(failure.attempts)}
          {failure.retry_at !== null && (
            <>
              {" "}
              · {said.retry} <Time at={failure.retry_at} />
            </>
          )}
        </div>
      )}
      {failure && tries && (
        <div class="actions">
          <Again device={device} wish={wish} onDone={onDone} />
        </div>
      )}
    </div>
  );
}
