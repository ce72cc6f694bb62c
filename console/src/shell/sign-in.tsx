// The log-in: the whole page at first, and a window above the page when a session ends.
import { useEffect, useState } from "preact/hooks";
import type { Fault } from "../api/fault.ts";
import { faultOf } from "../api/fault.ts";
import { session } from "../api/session.ts";
import { hasProvider, leaveForProvider, signInBeside, signInWith } from "../api/sign-in.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FaultNote } from "../parts/fault.tsx";
import { TextField } from "../parts/form.tsx";
import { words } from "../words/words.ts";
import { Mark } from "./mark.tsx";
import { place } from "./router.ts";
import { say } from "./toasts.tsx";

export function SignInPage({ failed = false }: { failed?: boolean }) {
  const { signIn, product } = words("common");
  const { path, search } = place.value;
  const returnTo = path.startsWith("/signed-in") ? "/" : path + search;
  return (
    <main class="sign-in">
      <div class="sign-in-box">
        <p class="brand">
          <Mark />
          <strong>{product}</strong>
        </p>
        <h1>{signIn.title}</h1>
        <p class="hint">{signIn.intro}</p>
        <Ways
          refusal={failed ? signIn.codeRefused : undefined}
          byProvider={() => leaveForProvider(returnTo)}
        />
      </div>
    </main>
  );
}

export function SignInAgain() {
  const { signIn } = words("common");
  return (
    <Dialog title={signIn.again} onClose={() => undefined} lasting>
      <p>{signIn.againIntro}</p>
      <Ways refusal={undefined} byProvider={signInBeside} />
    </Dialog>
  );
}

function Ways({ refusal, byProvider }: { refusal: string | undefined; byProvider: () => Promise<unknown> }) {
  const { signIn } = words("common");
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(refusal);
  const [fault, setFault] = useState<Fault>();
  const [provided, setProvided] = useState(false);
  useEffect(() => {
    void hasProvider().then(setProvided);
  }, []);
  const leave = async () => {
    const found = await byProvider().catch(() => undefined);
    if (found === undefined && session.peek() !== undefined) setRefused(signIn.codeRefused);
  };
  const enter = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      const before = session.peek()?.name;
      const found = await signInWith(token.trim());
      if (found && before !== undefined && found.name !== before) say(signIn.asOther(before));
      setRefused(found === undefined ? signIn.refused : undefined);
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <TextField
          label={signIn.token}
          hint={signIn.tokenHint}
          error={refused}
          value={token}
          type="password"
          autocomplete="current-password"
          required
          mono
          onInput={setToken}
        />
        <FaultNote fault={fault} />
        <Button type="submit" kind="primary" busy={busy}>
          {signIn.withToken}
        </Button>
      </form>
      {provided && (
        <>
          <div class="or" />
          <Button icon="people" onClick={() => void leave()}>
            {signIn.withProvider}
          </Button>
        </>
      )}
    </>
  );
}
