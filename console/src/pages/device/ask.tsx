// Actions that are asked for a little more: what the person who finds the device reads on its screen, or an account.
import { Dialog } from "../../parts/dialog.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { words } from "../../words/words.ts";

export type Asked = "DeviceLock" | "EnableLostMode" | "UnlockUserAccount";

export function Ask({
  type,
  isMac,
  onClose,
  send,
}: {
  type: Asked;
  isMac: boolean;
  onClose: () => void;
  send: (payload: Record<string, unknown>) => Promise<void>;
}) {
  const said = words("devices").act;
  const { act } = words("device");
  const form = useForm({ Message: "", PhoneNumber: "", PIN: "", UserName: "" }, (values) =>
    send(Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""))),
  );
  const [title, text] = {
    DeviceLock: [said.lock, isMac ? act.lockMac : act.lockPhone] as const,
    EnableLostMode: [said.lost, said.lostText] as const,
    UnlockUserAccount: [act.unlockAccount, act.unlockAccountText] as const,
  }[type];
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <p class="hint">{act.offline}</p>
      <Form state={form} submit={title} danger={type === "DeviceLock" && isMac} onCancel={onClose}>
        {type === "UnlockUserAccount" ? (
          <TextField
            label={act.shortName}
            required
            error={form.errors["/payload/UserName"]}
            value={form.values.UserName}
            onInput={(UserName) => form.set({ UserName })}
          />
        ) : (
          <>
            <TextField
              label={said.message}
              rows={2}
              error={form.errors["/payload/Message"]}
              value={form.values.Message}
              onInput={(Message) => form.set({ Message })}
            />
            <TextField
              label={said.phone}
              error={form.errors["/payload/PhoneNumber"]}
              value={form.values.PhoneNumber}
              onInput={(PhoneNumber) => form.set({ PhoneNumber })}
            />
          </>
        )}
        {type === "DeviceLock" && isMac && (
          <TextField
            label={said.lockCode}
            mono
            error={form.errors["/payload/PIN"]}
            value={form.values.PIN}
            onInput={(PIN) => form.set({ PIN })}
          />
        )}
      </Form>
    </Dialog>
  );
}
