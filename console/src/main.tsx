// The console begins.
import { render } from "preact";
import { faultOf } from "./api/fault.ts";
import { arrivalPath, arrive, resume } from "./api/sign-in.ts";
import { App, beginning, signInFailed } from "./shell/app.tsx";
import { beginRouting, go, place } from "./shell/router.ts";
import { listenToKeys } from "./shell/shortcuts.tsx";
import { showTheme, theme } from "./shell/theme.ts";
import { firstLanguage } from "./words/language.ts";
import { beginToSpeak } from "./words/words.ts";
import "./style/index.css";

async function beginSession(): Promise<void> {
  if (place.peek().path !== arrivalPath) {
    await resume();
    return;
  }
  const arrived = await arrive(new URLSearchParams(location.search));
  if (arrived === "beside") close();
  else if (arrived === undefined) signInFailed.value = true;
  await go(typeof arrived === "object" ? arrived.to : "/", { replace: true });
}

showTheme(theme.peek());
await beginToSpeak(firstLanguage());
beginRouting();
listenToKeys();
const root = document.getElementById("console");
if (root !== null) render(<App />, root);
await beginAgain();

/** A server that cannot be asked is said, with the way to ask it again. */
async function beginAgain(): Promise<void> {
  beginning.value = "under-way";
  try {
    await beginSession();
    beginning.value = "over";
  } catch (error) {
    beginning.value = { fault: faultOf(error), retry: beginAgain };
  }
}
