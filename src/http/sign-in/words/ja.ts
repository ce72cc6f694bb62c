import type { SignInWords } from "./sign-in-words.ts";

export const words: SignInWords = {
  locale: "ja-JP",
  invitation: {
    title: "管理者への招待",
    intro: (organization, inviter) =>
      inviter === undefined
        ? `${organization} のデバイス管理に招待されています。`
        : `${inviter} が、${organization} のデバイス管理に招待しています。`,
    address: "宛先",
    role: "できること",
    roles: {
      viewer: "デバイス、プロファイル、設定の閲覧",
      helpdesk: "デバイス、プロファイル、設定の閲覧と、1台ずつのサポート",
      operator: "デバイス、プロファイル、コマンドの管理",
      admin: "ほかの人にアクセス権を与えることを含む、すべての操作",
    },
    until: "招待の有効期限",
    signIn: "サインインして承諾する",
    signInHow:
      "このアドレスのアカウントでサインインしてください。サインインすると、招待は使用済みになります。",
    accept: "承諾してトークンを表示する",
    acceptHow: (days) =>
      `${days}日間有効な API トークンが発行されます。表示は1回だけです。安全な保管場所を用意してください。`,
    notYou: "あなたのアドレスでない場合は、このページを閉じて、招待した人に知らせてください。",
  },
  token: {
    title: "あなたのトークン",
    actsFor: (name, until) => `${until}まで、あなた (${name}) として使えます。`,
    label: "API トークン",
    once: "このページで表示されるのは1回だけです。",
    use: "送り方:",
    end: "使い終わったら、次の方法で無効にしてください:",
  },
};
