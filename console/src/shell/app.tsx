// The shell around every page.
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { Component } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Fault, faultOf } from "../api/fault.ts";
import { session, sessionEnded } from "../api/session.ts";
import { ButtonLink } from "../parts/button.tsx";
import { Questions } from "../parts/dialog.tsx";
import { FaultNote, Loading } from "../parts/fault.tsx";
import { PageHead } from "../parts/page.tsx";
import { Empty } from "../parts/small.tsx";
import { loadWords, words } from "../words/words.ts";
import { Mark } from "./mark.tsx";
import { isReachable, Navigation } from "./navigation.tsx";
import type { PageProps } from "./page-props.ts";
import { paletteOpen } from "./palette-state.ts";
import { place } from "./router.ts";
import { type Route, routeOf } from "./routes.ts";
import { ShortcutHelp } from "./shortcuts.tsx";
import { SignInAgain, SignInPage } from "./sign-in.tsx";
import { Toasts } from "./toasts.tsx";

export const signInFailed = signal(false);

/** Whether it is known who the person is. */
export const beginning = signal<"under-way" | "over" | { fault: Fault; retry: () => unknown }>("under-way");

export function App() {
  if (beginning.value !== "over")
    return (
      <main class="sign-in">
        <div class="sign-in-box">
          <Mark />
          {beginning.value === "under-way" ? <Loading /> : <FaultNote {...beginning.value} />}
        </div>
      </main>
    );
  if (session.value === undefined)
    return (
      <>
        <SignInPage failed={signInFailed.value} />
        <Toasts />
      </>
    );
  return (
    <>
      <a class="skip" href="#content">
        {words("common").shell.skip}
      </a>
      <div class="shell">
        <Navigation />
        <main id="content" tabIndex={-1}>
          <Here />
        </main>
      </div>
      <PaletteWindow />
      <ShortcutHelp />
      <Questions />
      {sessionEnded.value && <SignInAgain />}
      <Toasts />
    </>
  );
}

let loadedPalette: ComponentType | undefined;

async function loadPalette(): Promise<ComponentType> {
  loadedPalette ??= (await import("./palette.tsx")).default;
  return loadedPalette;
}

/** What is typed right after its keys must find it open: it is loaded once the first page is there. */
function PaletteWindow() {
  const [Palette, setPalette] = useState(() => loadedPalette);
  useEffect(() => {
    const later = setTimeout(() => void loadPalette(), 500);
    return () => clearTimeout(later);
  }, []);
  useEffect(() => {
    if (paletteOpen.value) void loadPalette().then((loaded) => setPalette(() => loaded));
  }, [paletteOpen.value]);
  return paletteOpen.value && Palette ? <Palette /> : null;
}

function Here() {
  const { shell } = words("common");
  const found = routeOf(place.value.path);
  if (found === undefined)
    return (
      <Empty title={shell.missing} icon="warning" action={<ButtonLink to="/">{shell.toStart}</ButtonLink>}>
        {shell.missingHint}
      </Empty>
    );
  if (!isReachable(found.route))
    return (
      <>
        <PageHead title={words("common").pages[found.route.title]} />
        <Empty title={shell.notAllowed} icon="lock">
          {shell.notAllowedHint}
        </Empty>
      </>
    );
  return <Page key={found.route.path} route={found.route} params={found.params} />;
}

function Page({ route, params }: { route: Route; params: PageProps["params"] }) {
  const [state, setState] = useState<{ page?: ComponentType<PageProps>; fault?: Fault }>({});
  const [round, setRound] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let left = false;
    Promise.all([route.load(), loadWords(route.words)]).then(
      ([{ default: page }]) => left || setState({ page }),
      (error: unknown) => left || setState({ fault: loadFault(error) }),
    );
    return () => {
      left = true;
    };
  }, [route, round]);
  const ThisPage = state.page;
  useEffect(() => {
    // A screen reader says where it is now; the first page is said by the browser itself.
    if (ThisPage && visits++ > 0)
      box.current?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }, [ThisPage]);
  if (ThisPage === undefined)
    return state.fault ? (
      <FaultNote fault={state.fault} retry={() => setRound(round + 1)} />
    ) : (
      <Loading rows={6} />
    );
  return (
    <div ref={box} class="page">
      <Fence>
        <ThisPage params={params} />
      </Fence>
    </div>
  );
}

let visits = 0;

/** A part of the console that does not come: the network is away, or there is a newer console. */
const loadFault = (error: unknown): Fault => (navigator.onLine ? faultOf(error) : { kind: "away" });

/** A fault of a page does not take the navigation away. */
class Fence extends Component<{ children: preact.ComponentChildren }, { fault?: Fault }> {
  override state: { fault?: Fault } = {};

  static override getDerivedStateFromError(error: unknown) {
    return { fault: faultOf(error) };
  }

  override render() {
    const { fault } = this.state;
    return fault ? <FaultNote fault={fault} retry={() => this.setState({})} /> : this.props.children;
  }
}
