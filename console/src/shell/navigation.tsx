// The pages, by how often they are needed: at the side, or on a phone at the bottom with the rest behind "Menu".
import { useId } from "preact/hooks";
import { may } from "../api/may.ts";
import { session } from "../api/session.ts";
import { signOut } from "../api/sign-in.ts";
import { Icon } from "../parts/icon.tsx";
import { type Language, language, languages } from "../words/language.ts";
import { speak, words } from "../words/words.ts";
import { Mark } from "./mark.tsx";
import { openPalette } from "./palette-state.ts";
import { hrefOf, place } from "./router.ts";
import { type Group, pathOf, type Route, routeOf, routes } from "./routes.ts";
import { showTheme, type Theme, theme, themes } from "./theme.ts";

const groups: readonly Group[] = ["daily", "library", "operations"];

export const isReachable = ({ needs }: Route): boolean => needs === undefined || may(needs);

export function Navigation() {
  const { shell, palette, product } = words("common");
  const menu = useId();
  return (
    <>
      <header class="top-bar">
        <a class="brand" href={hrefOf("/")}>
          <Mark size={26} />
          <strong>{product}</strong>
        </a>
        <button type="button" class="button quiet" aria-label={palette.title} onClick={openPalette}>
          <Icon name="search" />
        </button>
      </header>
      <nav class="sidebar" aria-label={shell.navigation}>
        <a class="brand" href={hrefOf("/")}>
          <Mark size={26} />
          <strong>{product}</strong>
        </a>
        <button type="button" class="palette-opener" onClick={openPalette}>
          <Icon name="search" size={16} />
          <span>{palette.title}</span>
          <kbd>{isApple ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        <AllPages />
        <Account />
      </nav>
      <nav class="bottom-bar" aria-label={shell.navigation}>
        {routes
          .filter((route) => route.group === "daily" && isReachable(route))
          .slice(0, 4)
          .map((route) => (
            <PageLink key={route.path} route={route} />
          ))}
        <button type="button" popovertarget={menu}>
          <Icon name="menu" />
          <span>{shell.menu}</span>
        </button>
      </nav>
      <div class="sheet" id={menu} popover="auto">
        <AllPages onChoose={() => document.getElementById(menu)?.hidePopover()} />
        <Account />
      </div>
    </>
  );
}

export const isApple = /Mac|iP(hone|ad)/.test(navigator.platform);

function AllPages({ onChoose }: { onChoose?: () => void }) {
  const { groups: titles } = words("common");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click on a link inside closes the sheet as well
    // biome-ignore lint/a11y/useKeyWithClickEvents: links make a click of Enter
    <div class="all-pages" onClick={onChoose}>
      {groups.map((group) => {
        const pages = routes.filter((route) => route.group === group && isReachable(route));
        return (
          pages.length > 0 && (
            <div key={group} class="nav-group">
              <p class="nav-title">{titles[group]}</p>
              {pages.map((route) => (
                <PageLink key={route.path} route={route} />
              ))}
            </div>
          )
        );
      })}
    </div>
  );
}

function PageLink({ route }: { route: Route }) {
  const path = pathOf(route);
  const here = place.value.path;
  const isHere = routeOf(here)?.route === route || (path !== "/" && here.startsWith(`${path}/`));
  return (
    <a href={hrefOf(path)} aria-current={isHere ? "page" : undefined}>
      {route.icon && <Icon name={route.icon} />}
      <span>{words("common").pages[route.title]}</span>
    </a>
  );
}

function Account() {
  const { shell } = words("common");
  const known = session.value;
  if (known === undefined) return null;
  return (
    <details class="account">
      <summary>
        <span class="account-name">{known.name}</span>
        <span class="quiet">{shell.roles[known.role]}</span>
      </summary>
      <div class="account-body">
        <label>
          {shell.language}
          <select
            value={language.value}
            onChange={(event) => void speak(event.currentTarget.value as Language)}
          >
            {Object.entries(languages).map(([tag, name]) => (
              <option key={tag} value={tag} lang={tag}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {shell.theme}
          <select value={theme.value} onChange={(event) => showTheme(event.currentTarget.value as Theme)}>
            {themes.map((name) => (
              <option key={name} value={name}>
                {shell.themes[name]}
              </option>
            ))}
          </select>
        </label>
        <a href="/api/docs" target="_blank" rel="noreferrer noopener">
          {shell.docs} <Icon name="external" size={14} />
        </a>
        <button type="button" class="button quiet" onClick={() => void signOut()}>
          <Icon name="out" size={16} />
          <span>{shell.signOut}</span>
        </button>
      </div>
    </details>
  );
}
