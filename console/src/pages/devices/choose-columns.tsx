// Which columns the list has.
import { useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { useResource } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField } from "../../parts/form.tsx";
import { query, setQuery } from "../../shell/router.ts";
import { words } from "../../words/words.ts";
import {
  allColumns,
  attributeKey,
  chosenColumns,
  ofAttribute,
  rememberColumns,
  usualColumns,
} from "./columns.tsx";

export function ChooseColumns() {
  const said = words("views");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{said.columns}</Button>
      {isOpen && <Choice onClose={() => setOpen(false)} />}
    </>
  );
}

function Choice({ onClose }: { onClose: () => void }) {
  const said = words("views");
  const chosen = chosenColumns(query.value.get("columns"));
  const attributes = useResource((signal) => api.get("/attributes", { signal }), []);
  const defined = (attributes.value?.items ?? []).map(({ name }) => attributeKey(name));
  const known = [...allColumns(), ...defined.map(ofAttribute)];
  const others = chosen.filter((name) => name.startsWith(attributeKey("")) && !defined.includes(name));
  const choose = (names: readonly string[]) => {
    rememberColumns(names);
    // A link that says other columns than this browser remembers goes on to say them.
    if (query.value.has("columns")) setQuery({ columns: names.join(",") });
    else setQuery({ columns: undefined });
  };
  const toggle = (key: string) =>
    choose(chosen.includes(key) ? chosen.filter((name) => name !== key) : [...chosen, key]);
  return (
    <Dialog title={said.columns} onClose={onClose} transient>
      <p class="hint">{said.columnsHint}</p>
      <div class="choices">
        {[...known, ...others.map(ofAttribute)].map(({ key, title }) => (
          <CheckField key={key} label={title} checked={chosen.includes(key)} onChange={() => toggle(key)} />
        ))}
      </div>
      <div class="actions end">
        <Button onClick={() => choose(usualColumns)}>{said.standard}</Button>
        <Button kind="primary" onClick={onClose}>
          {words("common").say.close}
        </Button>
      </div>
    </Dialog>
  );
}
