// Which payload is added: the common ones with what they do, then all that the catalogue has.
import { useState } from "preact/hooks";
import { useResource } from "../../api/resource.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Load } from "../../parts/fault.tsx";
import { TextField } from "../../parts/form.tsx";
import { words } from "../../words/words.ts";
import { systemsOf } from "./fields/facts.ts";
import { titleOfType } from "./fields/key-words.ts";
import { type Entry, readEntries, type Shelf } from "./fields/spec.ts";

/** Never made by hand: the server makes it, or devices do not take it by MDM. */
const notForPeople = new Set(["com.apple.mdm", "com.apple.declarations"]);

export const PayloadPicker = ({
  title,
  onClose,
  ...given
}: {
  shelf: Shelf;
  title: string;
  onPick: (type: string) => void;
  onClose: () => void;
}) => (
  <Dialog title={title} onClose={onClose} wide transient>
    <AllPayloads {...given} heading="h3" />
  </Dialog>
);

export function AllPayloads({
  shelf,
  heading,
  onPick,
}: {
  shelf: Shelf;
  /** One below the heading that it stands under. */
  heading: "h2" | "h3";
  onPick: (type: string) => void;
}) {
  const said = words("payloads");
  const [search, setSearch] = useState("");
  const entries = useResource(() => readEntries(shelf), [shelf]);
  const wanted = search.trim().toLowerCase();
  const fits = ({ id }: Entry) =>
    !notForPeople.has(id) && `${id} ${titleOfType(id)} ${hintOf(id)}`.toLowerCase().includes(wanted);
  return (
    <>
      <TextField label={said.findPayload} type="search" value={search} onInput={setSearch} />
      <Load of={entries}>
        {(all) => {
          const found = all.filter(fits);
          const isCommon = ({ id }: Entry) => hintOf(id) !== "";
          const order = Object.keys(said.hints);
          const common = found
            .filter(isCommon)
            .sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
          const others = found
            .filter((entry) => !isCommon(entry))
            .sort((one, other) => titleOfType(one.id).localeCompare(titleOfType(other.id)));
          return (
            <>
              <Choices title={said.commonPayloads} heading={heading} entries={common} onPick={onPick} />
              <Choices title={said.otherPayloads} heading={heading} entries={others} onPick={onPick} />
              {found.length === 0 && <p class="hint">{words("common").say.nothingFits}</p>}
            </>
          );
        }}
      </Load>
    </>
  );
}

const hintOf = (type: string): string =>
  (words("payloads").hints as Readonly<Record<string, string>>)[type] ?? "";

function Choices({
  title,
  heading: Heading,
  entries,
  onPick,
}: {
  title: string;
  heading: "h2" | "h3";
  entries: readonly Entry[];
  onPick: (type: string) => void;
}) {
  if (entries.length === 0) return null;
  return (
    <section class="payload-choices" aria-label={title}>
      <Heading>{title}</Heading>
      <ul>
        {entries.map(({ id, platforms }) => (
          <li key={id}>
            <button type="button" class="payload-choice" onClick={() => onPick(id)}>
              <strong>{titleOfType(id)}</strong>
              <span class="hint">{hintOf(id) || <code>{id}</code>}</span>
              <span class="hint">{systemsOf(platforms)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
