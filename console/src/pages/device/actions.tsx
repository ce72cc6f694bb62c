// What can be done to a device. What it really does is said before.
import { useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { maySend } from "../../api/may.ts";
import { useAction } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm, Dialog } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { Form, TextField, useForm } from "../../parts/form.tsx";
import { Menu } from "../../parts/menu.tsx";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import type { DeviceProps } from "./page.tsx";

type Asked = "DeviceLock" | "EnableLostMode";

export function Actions({ device, onDone }: DeviceProps & { onDone: () => void }) {
  const said = words("devices").act;
  const [asking, setAsking] = useState<Asked>();
  const { id, platform, lost_mode: isLost } = device;
  const send = useAction(async (request_type: string, payload: Record<string, unknown> = {}) => {
    await api.post("/devices/{id}/commands", { path: { id }, body: { request_type, payload } });
    say(said.given);
    onDone();
  });
  const refresh = useAction(async () => {
    await api.post("/devices/{id}/inventory", { path: { id } } as Parameters<
      typeof api.post<"/devices/{id}/inventory">
    >[1]);
    say(said.given);
    onDone();
  });
  if (device.state !== "enrolled") return null;
  const ask = async (request_type: string, title: string, text: string, type?: string) => {
    const danger = request_type === "EraseDevice" || request_type === "ClearPasscode";
    if (await confirm({ title, text, yes: title, danger, ...(type && { type }) }))
      await send.run(request_type);
  };
  const isPhone = platform === "ios" || platform === "ipados";
  return (
    <>
      {maySend("DeviceLock") && (
        <Button icon="lock" onClick={() => setAsking("DeviceLock")}>
          {said.lock}
        </Button>
      )}
      {isPhone && isLost !== true && device.supervised === true && maySend("EnableLostMode") && (
        <Button icon="pin" onClick={() => setAsking("EnableLostMode")}>
          {said.lost}
        </Button>
      )}
      {isLost === true && maySend("DisableLostMode") && (
        <Button icon="pin" onClick={() => ask("DisableLostMode", said.lostOff, said.lostOffText)}>
          {said.lostOff}
        </Button>
      )}
      <Menu
        items={[
          {
            title: said.refresh,
            icon: "update",
            may: "POST /devices/{id}/inventory",
            onClick: () => refresh.run(),
          },
          isLost === true &&
            maySend("PlayLostModeSound") && {
              title: said.sound,
              icon: "pin",
              onClick: () => send.run("PlayLostModeSound"),
            },
          isLost === true &&
            maySend("DeviceLocation") && {
              title: said.locate,
              icon: "pin",
              onClick: () => send.run("DeviceLocation"),
            },
          maySend("RestartDevice") && {
            title: said.restart,
            icon: "update",
            onClick: () => ask("RestartDevice", said.restart, said.restartText),
          },
          isPhone &&
            maySend("ClearPasscode") && {
              title: said.clear,
              icon: "key",
              danger: true,
              onClick: () => ask("ClearPasscode", said.clear, said.clearText),
            },
          maySend("EraseDevice") && {
            title: said.erase,
            icon: "trash",
            danger: true,
            onClick: () => ask("EraseDevice", said.erase, said.eraseText, device.serial ?? id),
          },
        ]}
      />
      <FaultNote fault={send.fault ?? refresh.fault} />
      {asking && (
        <Message
          type={asking}
          isMac={platform === "macos"}
          onClose={() => setAsking(undefined)}
          send={async (payload) => {
            await api.post("/devices/{id}/commands", {
              path: { id },
              body: { request_type: asking, payload },
            });
            setAsking(undefined);
            say(said.given);
            onDone();
          }}
        />
      )}
    </>
  );
}

/** What the person who finds the device reads on its screen. */
function Message({
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
  const form = useForm({ Message: "", PhoneNumber: "", PIN: "" }, (values) =>
    send(Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""))),
  );
  const title = type === "DeviceLock" ? said.lock : said.lost;
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{type === "DeviceLock" ? said.lockText : said.lostText}</p>
      <Form state={form} submit={title} onCancel={onClose}>
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
