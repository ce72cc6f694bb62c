import type { MailWords } from "./mail-words.ts";

export const ja: MailWords = {
  locale: "ja-JP",
  problems: {
    urgentSubject: (organization, count) => `${organization}: デバイス管理の緊急の問題が${count}件あります`,
    digestSubject: (organization, count) => `${organization}: デバイス管理の問題が${count}件あります`,
    urgentIntro: "次のことが動作していないか、1週間以内に動作しなくなります。",
    digestIntro: "未解決の問題は次のとおりです。緊急のものから並べています。",
    urgency: { urgent: "緊急", soon: "近日中", notice: "お知らせ" },
    todo: "対処方法",
    since: (date) => `${date}から`,
    devices: (_count, written) => `${written}台のデバイス`,
    more: (count) => `ほか${count}件`,
    footer: (host) => `このメールは、${host} のデバイス管理から、設定 mail_to の宛先に送信されました。`,
  },
  invitation: {
    subject: (organization) => `${organization}: デバイスの登録のお願い`,
    intro: (organization) =>
      `${organization} は、お使いの iPhone、iPad または Mac の管理にご招待します。デバイスの Safari で次のリンクを開いてください。`,
    button: "デバイスを登録する",
    where: "管理によって何が見え、何を変更できるかは、インストールの前にページで説明されます。",
    until: (date) => `リンクの有効期限は${date}です。`,
    footer: (organization) =>
      `このリンクはあなた専用です。ほかの人に渡さないでください。心当たりがない場合は、開く前に ${organization} に確認してください。`,
  },
  colleague: {
    subject: (organization) => `${organization}: デバイス管理への招待`,
    intro: (organization, inviter) =>
      `${inviter} が、${organization} のデバイス管理に招待しています。参加するには、次のリンクを開いてください。`,
    role: {
      viewer: "デバイス、プロファイル、設定を閲覧できるようになります。",
      helpdesk: "デバイス、プロファイル、設定を閲覧し、デバイスを1台ずつサポートできるようになります。",
      operator: "デバイス、プロファイル、コマンドを管理できるようになります。",
      admin: "ほかの人にアクセス権を与えることを含め、すべての操作ができるようになります。",
    },
    button: "招待を表示する",
    until: (moment) => `リンクは1回だけ使えます。有効期限は${moment}です。`,
    footer: (inviter) =>
      `このリンクはあなた専用です。ほかの人に渡さないでください。心当たりがない場合は、開く前に ${inviter} に確認してください。`,
  },
  test: {
    subject: (organization) => `${organization}: デバイス管理のテスト`,
    body: (host) => `${host} のデバイス管理からのメールは、この宛先に届きます。`,
  },
};
