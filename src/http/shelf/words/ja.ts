import type { ShelfWords } from "./shelf-words.ts";

const ask = "デバイスの管理担当者にお尋ねください。";

export const words: ShelfWords = {
  locale: "ja-JP",
  title: (organization) => `${organization}のセルフサービス`,
  heading: "必要なものを選んでください",
  intro: (organization, device) =>
    `${organization}が${device}のために用意したものです。ここでインストールまたは削除すると、このデバイスだけが変わります。`,
  thisDevice: "このデバイス",
  empty: "現在、このデバイスで選べるものはありません。",
  kinds: { profile: "設定", declaration: "設定", app: "アプリ" },
  states: {
    available: "未インストール",
    installing: (since) => `インストール中（依頼：${since}）`,
    waiting_for_licence: "ライセンス待ち",
    waiting_for_person: "あなたの操作を待っています",
    installed: "インストール済み",
    failed: "インストールできませんでした",
    not_applicable: "このデバイスでは使えません",
    removing: (since) => `削除中（依頼：${since}）`,
  },
  help: {
    installing: "デバイスの電源を入れ、インターネットに接続したままにしてください。",
    waiting_for_licence: "ライセンスがすべて使用中です。空きができると自動的に続きます。",
    waiting_for_person: "デバイスが確認を求めています。画面のメッセージを確認して許可してください。",
    failed: `サーバーが自動的にやり直します。変わらない場合は、${ask}`,
    not_applicable: "この種類のデバイス、またはそのシステムでは使えません。選択を取り消せます。",
    removing: "デバイスの電源を入れ、インターネットに接続したままにしてください。",
  },
  install: "インストール",
  remove: "削除",
  cancel: "取り消す",
  of: (button, name) => `${button}：${name}`,
  again: "もう一度確認する",
  reloads: "処理中は、このページが自動的に更新されます。",
  contact: "ご質問は",
  link: {
    title: "このリンクは使えません",
    why: "リンクが不完全か、新しいものに替わったか、デバイスが管理されなくなっています。",
    next: `デバイスのアイコンからこのページを開いてください。アイコンがない場合や解決しない場合は、${ask}`,
  },
  notOffered: {
    title: "これは選べなくなりました",
    why: "その間に変更されました。何もインストールも削除もされていません。",
    next: "一覧に戻って、現在選べるものを確認してください。",
  },
  elsewhere: {
    title: "このページでもう一度選んでください",
    why: "別のページからの要求だったため、何も変更していません。",
    next: "一覧に戻って、そこで選んでください。",
  },
  busy: {
    title: "要求が多すぎます",
    why: "1分間の要求が多すぎました。この要求では何も変更していません。",
    next: "1分待ってから、もう一度お試しください。",
  },
  fault: {
    title: "現在ご利用になれません",
    why: "サーバーに問題があります。何も失われていません。",
    next: "数分後にもう一度お試しください。",
  },
  back: "一覧に戻る",
};
