// What can be done to a device. What it really does is said before.
import { useState } from "preact/hooks";
import { api } from "../../api/api.ts";
import { hasRole, maySend } from "../../api/may.ts";
import { useAction } from "../../api/resource.ts";
import { Button } from "../../parts/button.tsx";
import { confirm } from "../../parts/dialog.tsx";
import { FaultNote } from "../../parts/fault.tsx";
import { Menu, type MenuItem } from "../../parts/menu.tsx";
import { go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { words } from "../../words/words.ts";
import { Ask, type Asked } from "./ask.tsx";
import type { DeviceProps } from "./device-props.ts";

type Item = MenuItem | false;

export function Actions({ device, onDone }: DeviceProps) {
  const said = words("devices").act;
  const { act } = words("device");
  const [asking, setAsking] = useState<Asked>();
  const { id, platform, state, lost_mode: isLost } = device;
  const name = device.serial ?? id;
  const work = useAction(async (call: () => Promise<unknown>, news: string, gone = false) => {
    await call();
    say(news);
    if (gone) await go("/devices");
    else onDone();
  });
  const send = (request_type: string, payload: Record<string, unknown> = {}) =>
    work.run(
      () => api.post("/devices/{id}/commands", { path: { id }, body: { request_type, payload } }),
      said.given,
    );
  const ask = async (
    question: { title: string; text: string; danger?: boolean; type?: string },
    then: () => unknown,
  ) => {
    if (await confirm({ yes: question.title, ...question })) await then();
  };
  const command = (request_type: string, title: string, text: string, item: Partial<MenuItem> = {}): Item =>
    maySend(request_type) && {
      title,
      ...item,
      onClick: () => ask({ title, text, danger: item.danger === true }, () => send(request_type)),
    };
  const [isMac, isPhone] = [platform === "macos", platform === "ios" || platform === "ipados"];
  const isSupervised = device.supervised === true;
  const enrolled: readonly Item[] = [
    {
      title: said.refresh,
      icon: "update",
      may: "POST /devices/{id}/inventory",
      onClick: () => work.run(() => askInventory(id), said.given),
    },
    {
      title: act.wake,
      icon: "send",
      may: "POST /devices/{id}/push",
      onClick: () => work.run(() => api.post("/devices/{id}/push", { path: { id } }), act.woken),
    },
    isLost === true && command("PlayLostModeSound", said.sound, act.sound, { icon: "play" }),
    isLost === true && command("DeviceLocation", said.locate, act.locate, { icon: "pin" }),
    command("RestartDevice", said.restart, said.restartText, { icon: "update" }),
    (isMac || isSupervised) && command("ShutDownDevice", act.shutDown, act.shutDownText, { icon: "stop" }),
    isMac &&
      maySend("UnlockUserAccount") && {
        title: act.unlockAccount,
        icon: "key",
        onClick: () => setAsking("UnlockUserAccount"),
      },
    device.sign_in !== null && {
      title: act.signIn,
      icon: "out",
      may: "POST /devices/{id}/sign-in",
      onClick: () =>
        ask({ title: act.signIn, text: act.signInText, danger: true }, () =>
          work.run(() => api.post("/devices/{id}/sign-in", { path: { id } }), act.signInDone),
        ),
    },
    device.held_back && {
      title: act.confirmSame,
      icon: "check",
      may: "PATCH /devices/{id}",
      onClick: () =>
        ask({ title: act.confirmSame, text: act.confirmSameText }, () =>
          work.run(
            () => api.patch("/devices/{id}", { path: { id }, body: { held_back: false } }),
            act.confirmed,
          ),
        ),
    },
    isPhone && command("ClearPasscode", said.clear, said.clearText, { icon: "key", danger: true }),
    isPhone &&
      isSupervised &&
      command("ClearRestrictionsPassword", act.clearRestrictions, act.clearRestrictionsText, {
        icon: "key",
        danger: true,
      }),
    {
      title: act.leave,
      icon: "out",
      danger: true,
      may: "POST /devices/{id}/unenroll",
      onClick: () =>
        ask({ title: act.leave, text: act.leaveText, danger: true, type: name }, () =>
          work.run(
            () => api.post("/devices/{id}/unenroll", { path: { id }, body: { method: "answer" } }),
            act.leaveDone,
          ),
        ),
    },
    maySend("EraseDevice") && {
      title: said.erase,
      icon: "trash",
      danger: true,
      onClick: () =>
        ask({ title: said.erase, text: eraseText(device), danger: true, type: name }, () =>
          send("EraseDevice"),
        ),
    },
  ];
  const forget: Item = {
    title: act.forget,
    icon: "trash",
    danger: true,
    may: "DELETE /devices/{id}",
    onClick: () =>
      ask({ title: act.forget, text: act.forgetText, danger: true, type: name }, () =>
        work.run(() => api.delete("/devices/{id}", { path: { id } }), act.forgotten, true),
      ),
  };
  const isEnrolled = state === "enrolled";
  return (
    <>
      {isEnrolled && (isMac || isPhone) && maySend("DeviceLock") && (
        <Button icon="lock" onClick={() => setAsking("DeviceLock")}>
          {said.lock}
        </Button>
      )}
      {isEnrolled && isPhone && isSupervised && isLost !== true && maySend("EnableLostMode") && (
        <Button icon="pin" onClick={() => setAsking("EnableLostMode")}>
          {said.lost}
        </Button>
      )}
      {isEnrolled && isLost === true && maySend("DisableLostMode") && (
        <Button
          icon="pin"
          onClick={() => ask({ title: said.lostOff, text: said.lostOffText }, () => send("DisableLostMode"))}
        >
          {said.lostOff}
        </Button>
      )}
      {hasRole("helpdesk") && <Menu items={isEnrolled ? enrolled : [forget]} />}
      <FaultNote fault={work.fault} />
      {asking && (
        <Ask
          type={asking}
          isMac={isMac}
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

const askInventory = (id: string): Promise<unknown> =>
  api.post("/devices/{id}/inventory", { path: { id } } as Parameters<
    typeof api.post<"/devices/{id}/inventory">
  >[1]);

/** What an erasure means for this device. */
function eraseText({ platform, kind, activation_lock: isLocked }: DeviceProps["device"]): string {
  const said = words("devices").act;
  const { act } = words("device");
  return [
    said.eraseText,
    platform === "macos" && act.eraseMac,
    kind === "ade" ? act.eraseAgain : act.eraseGone,
    isLocked === true && act.eraseLocked,
  ]
    .filter((text) => typeof text === "string")
    .join(" ");
}
