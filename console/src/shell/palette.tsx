// Go anywhere, find a device, do the common things: by the keyboard alone.
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import { api } from "../api/api.ts";
import { may } from "../api/may.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { words } from "../words/words.ts";
import { isReachable } from "./navigation.tsx";
import { paletteOpen } from "./palette-state.ts";
import { go } from "./router.ts";
import { pathOf, routes } from "./routes.ts";
import { toggleTheme } from "./theme.ts";

type Entry = { key: string; title: string; hint?: string; icon: IconName; act: () => unknown };

export default function Palette() {
  const { palette } = words("common");
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const devices = useDevices(typed);
  const fixed = useMemo(() => [...pageEntries(), ...actionEntries()], []);
  const wanted = plain(typed);
  const found = [...fixed.filter(({ title }) => plain(title).includes(wanted)), ...devices.found];
  const close = () => {
    paletteOpen.value = false;
  };
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    close();
    entry.act();
  };
  const chosen = Math.min(at, found.length - 1);
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      setAt((chosen + by + found.length) % Math.max(1, found.length));
    }
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      choose(found[chosen]);
    }
  };
  useEffect(() => {
    document.getElementById(`${listId}-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <Dialog title={palette.title} onClose={close} transient>
      <div class="palette">
        <input
          class="palette-input"
          role="combobox"
          aria-label={palette.title}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${chosen}` : undefined}
          placeholder={palette.placeholder}
          autocomplete="off"
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <div id={listId} role="listbox" aria-label={palette.title} class="palette-list">
          {found.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above
            <div
              key={entry.key}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              onClick={() => choose(entry)}
              onPointerMove={() => setAt(index)}
            >
              <Icon name={entry.icon} />
              <span>{entry.title}</span>
              {entry.hint && <span class="quiet">{entry.hint}</span>}
            </div>
          ))}
        </div>
        <p class="hint" role="status">
          {devices.searching
            ? palette.searching
            : found.length === 0
              ? palette.none
              : palette.results(found.length)}
        </p>
      </div>
    </Dialog>
  );
}

const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

function pageEntries(): Entry[] {
  const { pages } = words("common");
  return routes
    .filter((route) => route.group !== undefined && isReachable(route))
    .map((route) => ({
      key: route.path,
      title: pages[route.title],
      icon: route.icon ?? "next",
      act: () => go(pathOf(route)),
    }));
}

function actionEntries(): Entry[] {
  const { palette } = words("common");
  const invite: Entry = {
    key: "invite",
    title: palette.newInvitation,
    icon: "enroll",
    act: () => go("/enrollment/invitations?new=yes"),
  };
  const theme: Entry = { key: "theme", title: palette.toggleTheme, icon: "eye", act: toggleTheme };
  return [...(may("POST /enrollment/invitations") ? [invite] : []), theme];
}

const icons: Readonly<Record<string, IconName>> = { macos: "laptop", tvos: "tv", watchos: "watch" };

/** Devices whose name or serial number has what was typed, asked a moment after the last key. */
function useDevices(typed: string): { found: Entry[]; searching: boolean } {
  const [found, setFound] = useState<Entry[]>([]);
  const [searching, setSearching] = useState(false);
  const wanted = typed.trim();
  useEffect(() => {
    if (wanted.length < 2) {
      setFound([]);
      setSearching(false);
      return;
    }
    const stop = new AbortController();
    setSearching(true);
    const timer = setTimeout(async () => {
      const page = await api
        .get("/devices", { query: { search: wanted, limit: 8 }, signal: stop.signal })
        .catch(() => undefined);
      if (stop.signal.aborted) return;
      setSearching(false);
      setFound(
        (page?.items ?? []).map(({ id, name, serial, platform }) => ({
          key: id,
          title: name ?? serial ?? id,
          hint: serial ?? "",
          icon: platform === null ? "device" : (icons[platform] ?? "device"),
          act: () => go(`/devices/${encodeURIComponent(id)}`),
        })),
      );
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);
  return { found, searching };
}
