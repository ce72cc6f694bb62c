import { useState } from "preact/hooks";
import { api, readTagged } from "../../api/api.ts";
import { useAction, useResource } from "../../api/resource.ts";
import { Button, Link } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote, Load } from "../../parts/fault.tsx";
import { Card, Facts, PageHead, Section } from "../../parts/page.tsx";
import { Copyable, Time } from "../../parts/small.tsx";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { DevicesOfPerson } from "./devices.tsx";
import { EditPerson, type Person } from "./edit.tsx";

export function OnePerson({ id }: { id: string }) {
  const said = words("people");
  const { pages } = words("common");
  const path = { id };
  const [editing, setEditing] = useState(false);
  const [devices, setDevices] = useState(0);
  const person = useResource((signal) => readTagged("/people/{id}", { path, signal }), [id]);
  const title = person.value === undefined ? pages.people : nameOf(person.value.value);
  const erase = useAction(async () => {
    const yes = await confirm({
      title: said.eraseTitle(title),
      text: said.eraseText(devices),
      yes: said.erase,
      danger: true,
      type: title.trim(),
    });
    if (!yes) return;
    await api.delete("/people/{id}", { path });
    say(said.erased);
    await go("/people");
  });
  return (
    <>
      <PageHead
        title={title}
        back={{ to: "/people", title: pages.people }}
        actions={
          !editing &&
          person.value && (
            <>
              <Button icon="edit" may="PATCH /people/{id}" onClick={() => setEditing(true)}>
                {said.edit}
              </Button>
              <Button icon="trash" may="DELETE /people/{id}" busy={erase.busy} onClick={() => erase.run()}>
                {said.erase}
              </Button>
            </>
          )
        }
      />
      <FaultNote fault={erase.fault} />
      <Load of={person}>
        {(known) => (
          <>
            {editing ? (
              <Card>
                <EditPerson known={known} onSaved={person.set} onClose={() => setEditing(false)} />
              </Card>
            ) : (
              <About person={known.value} />
            )}
            <DevicesOfPerson id={id} onCount={setDevices} />
            <SetsOfPerson person={known.value} />
          </>
        )}
      </Load>
    </>
  );
}

const nameOf = ({ name, email, account }: Person): string =>
  name ?? email ?? account ?? words("people").untitled;

function About({ person }: { person: Person }) {
  const said = words("people");
  const { email, department, account, signed_in_at, created_at, updated_at } = person;
  return (
    <Card>
      <Facts
        items={[
          [said.email, email && <Copyable text={email} key="email" />],
          [
            said.department,
            department && (
              <Link to="/people" query={{ department }} key="department">
                {department}
              </Link>
            ),
          ],
          account !== null && [said.account, <Copyable text={account} key="account" />],
          [said.origin, signed_in_at === null ? said.fromHand : said.fromSignIn],
          signed_in_at !== null && [said.signedIn, <Time at={signed_in_at} key="signed" />],
          [said.added, <Time at={created_at} key="added" />],
          created_at !== updated_at && [said.changed, <Time at={updated_at} key="changed" />],
        ]}
      />
    </Card>
  );
}

/** Sets whose filter reads the person. Of more sets than one page has, the others are not looked at. */
function SetsOfPerson({ person: { id, department } }: { person: Person }) {
  const said = words("people");
  const sets = useResource(
    async (signal) => {
      const { items } = await api.get("/sets", { query: { limit: 200 }, signal });
      return items.filter(
        ({ filter }) =>
          filter?.person === id || (department !== null && sameText(filter?.user_department, department)),
      );
    },
    [id, department],
  );
  return (
    <Section title={said.sets} hint={said.setsHint}>
      <Load of={sets} rows={1}>
        {(found) =>
          found.length === 0 ? (
            <p class="quiet">{said.noSets}</p>
          ) : (
            <p class="badges">
              {found.map(({ name }) => (
                <Link key={name} to={`/sets/${encodeURIComponent(name)}`}>
                  {name}
                </Link>
              ))}
            </p>
          )
        }
      </Load>
    </Section>
  );
}

const sameText = (one: string | boolean | undefined, other: string): boolean =>
  typeof one === "string" && one.toLowerCase() === other.toLowerCase();
