// Views of the list: some that everybody has, and those that a person has saved.
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Menu } from "../../parts/menu.tsx";
import { go, place, setQuery } from "../../shell/router.ts";
import { say as news } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { chosenColumns } from "./columns.tsx";
import { deleteView, savedViews, saveView } from "./saved-views.ts";

const usual = {
  all: "",
  failed: "state=enrolled&failed=anything",
  unencrypted: "state=enrolled&platform=macos&encrypted=false",
  silent: "state=enrolled&seen=-30d",
  lost: "lost_mode=true",
} as const;

export function Views() {
  const { views } = words("views");
  const [window, setWindow] = useState<"save" | "delete">();
  const here = place.value.search.replace(/^\?/, "");
  const known = (Object.keys(usual) as (keyof typeof usual)[]).map((name) => ({
    name: views[name],
    search: usual[name] as string,
  }));
  const current = [...savedViews.value, ...known].find(({ search }) => isSame(search, here));
  const close = () => setWindow(undefined);
  return (
    <>
      <Menu
        label={views.title}
        items={[
          ...[...known, ...savedViews.value].map(({ name, search }) => ({
            title: name,
            onClick: () => go(search === "" ? "/devices" : `/devices?${search}`),
          })),
          { title: views.save, icon: "enroll", onClick: () => setWindow("save") },
          { title: views.link, icon: "copy", onClick: copyLink },
          savedViews.value.length > 0 && {
            title: views.manage,
            icon: "trash",
            onClick: () => setWindow("delete"),
          },
        ]}
      >
        <span>{current === undefined || current.search === "" ? views.title : current.name}</span>
      </Menu>
      {window === "save" && <SaveView onClose={close} />}
      {window === "delete" && <DeleteViews onClose={close} />}
    </>
  );
}

/** The order of parameters does not matter. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((search) => {
    const sorted = new URLSearchParams(search);
    sorted.sort();
    return sorted.toString();
  });
  return left === right;
}

/** All of the view is in its address, the columns as well. */
function whole(): string {
  const parameters = new URLSearchParams(place.peek().search);
  parameters.set("columns", chosenColumns(parameters.get("columns")).join(","));
  return parameters.toString();
}

const copyLink = () =>
  navigator.clipboard
    .writeText(`${location.origin}/console/devices?${whole()}`)
    .then(() => news(words("common").say.copied));

function SaveView({ onClose }: { onClose: () => void }) {
  const { views } = words("views");
  const { say } = words("common");
  const form = useForm({ name: "" }, async ({ name }) => {
    const view = { name: name.trim(), search: whole() };
    saveView(view);
    // The address says all of the view, so that the list knows that it shows it.
    setQuery({ columns: new URLSearchParams(view.search).get("columns") ?? undefined });
    news(views.saved(view.name));
  });
  return (
    <Dialog title={views.save} onClose={onClose}>
      <p class="hint">{views.saveHint}</p>
      <Form state={form} submit={say.save} onCancel={onClose} onDone={onClose}>
        <TextField
          label={views.name}
          value={form.values.name}
          required
          onInput={(name) => form.set({ name: name.slice(0, 100) })}
        />
      </Form>
    </Dialog>
  );
}

function DeleteViews({ onClose }: { onClose: () => void }) {
  const { views } = words("views");
  const { say } = words("common");
  return (
    <Dialog title={views.manage} onClose={onClose} transient>
      <ul class="saved-views">
        {savedViews.value.map(({ name }) => (
          <li key={name}>
            <span>{name}</span>
            <Button small icon="trash" label={views.remove(name)} onClick={() => deleteView(name)} />
          </li>
        ))}
      </ul>
      <div class="actions end">
        <Button onClick={onClose}>{say.close}</Button>
      </div>
    </Dialog>
  );
}
