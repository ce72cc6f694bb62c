import type { ProblemWords } from "../codes.ts";
import { remedies } from "./remedies/ja.ts";
import { accountRemedy } from "./remedies/remedies.ts";
import { type Facts, formatsOf, hasEnded, said } from "./wording.ts";

const { day, moment, count: number } = formatsOf("ja-JP");

const ends = (facts: Facts): string =>
  hasEnded(facts) ? `${day(facts.ends_on)}に期限が切れました` : `${day(facts.ends_on)}に期限が切れます`;
const devices = ({ count }: Facts): string => `${number(count)}台のデバイス`;
const macs = ({ count }: Facts): string => `${number(count)}台の Mac`;
const withAccount = ({ account }: Facts): string =>
  account ? `Apple Account ${account} で` : "作成時の Apple Account で";

export const words: ProblemWords = {
  "devices-kept-out": {
    title: ({ address }) => `${address} の手前で、何かがこのサーバの代わりにデバイスへ応答しています`,
    means:
      "デバイスはチャレンジ、ログイン画面、リダイレクトを通過できず、通信が途絶えます。ほかに知らせるものはありません。",
    todo: ({ request, outcome, detail, remedy }) => {
      const known = said(remedies.outcomes, outcome);
      return `${request}: ${known?.what ?? detail}。${known?.remedy ?? remedy}`;
    },
  },
  "push-certificate-ends": {
    title: (facts) => `${facts.topic} のプッシュ証明書は${ends(facts)}`,
    means:
      "有効なプッシュ証明書がないと、デバイスを呼び出せません。コマンドは、デバイスが自分から接続するまで待機します。",
    todo: (facts) =>
      `https://identity.apple.com/pushcert に${withAccount(facts)}サインインし、「Create」ではなく「Renew」で更新して、/api/v1/push-certificates にアップロードしてください。`,
  },
  "push-certificate-missing": {
    title: () => "プッシュ証明書がありません",
    means: "デバイスを呼び出せません。コマンドは、デバイスが自分から接続するまで待機します。",
    todo: () => "docs/push.md に従って、Apple から取得してください。",
  },
  "push-certificate-refused": {
    title: ({ topic }) => `Apple が ${topic} のプッシュ証明書を拒否しています`,
    means: "このトピックのデバイスを呼び出せません。",
    todo: (facts) => `Apple の応答: ${facts.reason}。${withAccount(facts)}証明書を更新してください。`,
  },
  "push-certificate-other-topic": {
    title: ({ topic, other }) => `${topic} の期限切れの直前に ${other} がアップロードされました`,
    means:
      "別の Apple Account で更新したか、「Create」を使ったようです。デバイスは自分のトピックだけを受け取ります。古いトピックのデバイスは、登録し直す必要があります。",
    todo: (facts) => `${facts.topic} を${withAccount(facts)}「Renew」で更新してください。`,
  },
  "push-certificate-account-unknown": {
    title: ({ topic }) => `${topic} のプッシュ証明書の Apple Account が記録されていません`,
    means:
      "来年更新できるのはこのアカウントだけです。わからないと、すべてのデバイスを登録し直すことになります。",
    todo: ({ id }) => `PATCH /api/v1/push-certificates/${id} でアカウントを記録してください。`,
  },
  "ade-token-ends": {
    title: (facts) => `ADE アカウント ${facts.account} のトークンは${ends(facts)}`,
    means:
      "トークンがないと、Apple Business または Apple School Manager の新しいデバイスはここでは認識されず、プロファイルを受け取れません。登録済みのデバイスはそのままです。",
    todo: ({ account, admin }) =>
      `証明書を作成し (POST /api/v1/ade/accounts/${account}/certificate)、Apple で同じサーバにアップロードし${admin ? ` (前回の担当: ${admin})` : ""}、トークンをダウンロードして /api/v1/ade/accounts/${account}/token にアップロードしてください。`,
  },
  "ade-account-stopped": {
    title: ({ account, organization }) =>
      `Apple が${organization ? ` ${organization} の` : ""} ADE アカウント ${account} に応答しません`,
    means:
      "新しいデバイスはここでは認識されず、プロファイルを受け取れません。登録済みのデバイスはそのままです。",
    todo: (facts) => accountRemedy(remedies, "token", facts),
  },
  "api-account-stopped": {
    title: ({ account }) => `Apple が API アカウント ${account} に応答しません`,
    means:
      "注文情報と AppleCare を読み取れず、ここからデバイスを移動できません。登録は別のトークンを使うため、続けられます。",
    todo: (facts) => accountRemedy(remedies, "key", facts),
  },
  "content-token-ends": {
    title: (facts) => `拠点 ${facts.location} のコンテンツトークンは${ends(facts)}`,
    means:
      "トークンがないと、ライセンスの付与も回収もできません。インストール済みのアプリは引き続き使えます。",
    todo: ({ location, name }) =>
      `Apple のポータル（アプリとブック）で ${name} の新しいコンテンツトークンをダウンロードし、PUT /api/v1/apps-and-books/locations/${location}/token でアップロードしてください。`,
  },
  "content-location-stopped": {
    title: ({ location }) => `Apple が「アプリとブック」の拠点 ${location} に応答しません`,
    means: "ライセンスの付与も回収もできません。インストール済みのアプリは引き続き使えます。",
    todo: ({ location, detail }) =>
      `Apple のポータルでコンテンツトークンを確認し、必要なら新しいものを PUT /api/v1/apps-and-books/locations/${location}/token でアップロードしてください。（${detail}）`,
  },
  "content-location-taken": {
    title: ({ location, by }) => `「アプリとブック」の拠点 ${location} は現在 ${by} が管理しています`,
    means: "2つのサーバが互いのライセンスを奪い合うことになるため、このサーバはそこに何も書き込みません。",
    todo: ({ location, metadata }) =>
      `もう一方のサーバ（${metadata}）からトークンを削除し、POST /api/v1/apps-and-books/locations/${location}/take-over で拠点を引き継いでください。または、ここで拠点を削除してください。`,
  },
  "licences-missing": {
    title: ({ count, app, location }) =>
      `${location} で ${app} のライセンスが${number(count)}個不足しています`,
    means: "アプリを使うべきデバイスまたはユーザが、ライセンスを待っています。",
    todo: () =>
      "無料のアプリでも Apple のポータルで追加購入するか、ここで不要なライセンスを解放してください。その後は自動的に続行されます。",
  },
  "licence-counts-differ": {
    title: ({ app, location, assigned, held }) =>
      `Apple は ${location} の ${app} の割り当て済みライセンスを${number(assigned)}個と数え、一覧では${number(held)}個としています`,
    means: "両方を読み直しても、個数と一覧が1日以上食い違っています。誰のライセンスも取り消していません。",
    todo: ({ location }) =>
      `Apple のポータル（App とブック）と比べてください。POST /api/v1/apps-and-books/locations/${location}/sync ですべてを読み直します。それでも食い違う場合は Apple のサポートに問い合わせてください。個数を直せるのは Apple だけです。`,
  },
  "rollout-halted": {
    title: ({ subject }) => `${subject} の段階的な展開が停止しました`,
    means:
      "開いた段階のデバイスには変更が適用されています。ほかのデバイスは、担当者が判断するまで以前の内容のままです。",
    todo: ({ id, reason }) =>
      `${reason}。件数は GET /api/v1/rollouts/${id} で確認し、その /resume、/cancel、/finish のいずれかに POST してください。`,
  },
  "migrations-not-ready": {
    title: (facts) =>
      `${devices(facts)}の ${facts.account} への移行準備ができていません。最初の期限は${day(facts.deadline)}です`,
    means:
      "準備ができていなくても、Apple は期限にデバイスを移行します。管理対象のアプリやデータを失ったり、管理されない状態になったりします。",
    todo: ({ account, device, checks, missing }) => {
      const known = String(checks ?? "")
        .split(" ")
        .flatMap((check) => said(remedies.checks, check) ?? []);
      return `最初のデバイスは ${device} です: ${known.join("。") || missing}。一覧: GET /api/v1/ade/migrations?account=${account}&arrived=false`;
    },
  },
  "authority-ends": {
    title: (facts) => `認証局 ${facts.subject} は${ends(facts)}`,
    means: "期限後は、この認証局が発行した ID 証明書は受け付けられません。",
    todo: () =>
      "新しい認証局を作成し、発行に使ってください (docs/identities.md)。すべての ID 証明書を更新できるよう、早めに行ってください。",
  },
  "authority-missing": {
    title: () => "ID 証明書を発行する認証局がありません",
    means: "デバイスを登録できず、ID 証明書も更新できません。",
    todo: () => "POST /api/v1/authorities で作成してください。",
  },
  "identities-not-renewed": {
    title: (facts) => `${devices(facts)}が ID 証明書を更新していません`,
    means: "更新が遅れています。ID 証明書の期限と猶予期間が過ぎると、手動で登録し直す必要があります。",
    todo: ({ first_ends_on, device }) =>
      `最も早く期限が切れる (${day(first_ends_on)}) デバイス ${device} を確認してください。電源が入っていて、コマンドを受け付けていますか？`,
  },
  "identities-ended": {
    title: (facts) => `${devices(facts)}の ID 証明書の期限が切れています`,
    means: "猶予期間中はまだ更新できます。その後は登録し直す必要があります。",
    todo: ({ device, grace_days }) =>
      `期限切れから${grace_days}日以内 (設定 identity_grace_days) に接続させてください。例: ${device}`,
  },
  "provisioning-profile-ends": {
    title: (facts) => `プロビジョニングプロファイル ${facts.name} は${ends(facts)}`,
    means: "期限後は、これで署名されたアプリが起動しなくなります。",
    todo: () =>
      "Apple のデベロッパポータルで新しく作成し、/api/v1/provisioning-profiles にアップロードしてください。",
  },
  "signing-certificate-ends": {
    title: (facts) => `プロファイルに署名する証明書 ${facts.subject} は${ends(facts)}`,
    means: "期限後は発行用の認証局がプロファイルに署名し、デバイスでは「検証済み」と表示されなくなります。",
    todo: () => "新しい証明書を /api/v1/signing-certificates にアップロードしてください。",
  },
  "webhook-paused": {
    title: ({ name }) => `Webhook ${name} が一時停止しています`,
    means: "イベントを受け取りません。新しいイベントは、設定 events_days の日数だけ保存されます。",
    todo: ({ kind, reason, id }) =>
      `${said(remedies.paused, kind) ?? `理由: ${reason}。`}受信側を修復してから、PATCH /api/v1/webhooks/${id} に {"state":"active"} を送ってください。`,
  },
  "webhook-failing": {
    title: ({ name, since }) => `Webhook ${name} が${moment(since)}から失敗しています`,
    means: "メッセージは待機し、失われません。5日後に一時停止します。",
    todo: ({ fault, id }) => `最後の試行:「${fault}」。POST /api/v1/webhooks/${id}/ping で試してください。`,
  },
  "webhook-dead-letters": {
    title: ({ name, count }) => `Webhook ${name} が${number(count)}件のメッセージを拒否しました`,
    means: "3日間試したあと、送信を取りやめました。以降のメッセージは送信されています。",
    todo: ({ id }) =>
      `GET /api/v1/webhooks/${id}/dead-letters で確認し、POST …/dead-letters/replay で再送してください。`,
  },
  "queues-stuck": {
    title: (facts) =>
      `${devices(facts)}が、接続しているのに${facts.days}日より長くコマンドを実行していません`,
    means: "これらのデバイスは接続しますが、コマンドを実行しません。",
    todo: ({ device, request_type }) =>
      `${device} のコマンドを確認してください。${request_type} が待機しています。人の操作が必要なコマンドは、デバイスが延期します。`,
  },
  "devices-silent": {
    title: (facts) => `${devices(facts)}が${facts.days}日より長く接続していません`,
    means: "電源が切れているか、紛失したか、このサーバに接続できません。変更は届きません。",
    todo: () => "一覧: GET /api/v1/devices?state=enrolled&seen_before=…",
  },
  "escrow-missing-bootstrap-token": {
    title: (facts) => `${macs(facts)}のブートストラップトークンがエスクローされていません`,
    means:
      "これがないと、Apple シリコンでのソフトウェアアップデートや機能拡張に、パスワードを持つ人が必要です。",
    todo: ({ device }) =>
      `セキュアトークンを持つ管理者が Mac (${device} など) に一度ログインするか、\`sudo profiles install -type bootstraptoken\` を実行してください。`,
  },
  "escrow-missing-filevault-key": {
    title: (facts) => `${macs(facts)}が暗号化されていますが、復旧キーがエスクローされていません`,
    means: "パスワードを忘れると、ディスクのデータは失われます。",
    todo: ({ device }) =>
      `エスクロー用のプロファイルを割り当て、キーを変更してください (docs/commands.md)。例: ${device}`,
  },
  "escrow-missing-recovery-lock": {
    title: (facts) => `${macs(facts)}の復旧ロックのパスワードがエスクローされていません`,
    means: "復旧システムを起動できる人がいません。パスワードを知らなければ変更もできません。",
    todo: ({ device }) =>
      `設定した人が Mac (${device} など) で解除してください。そのあと SetRecoveryLock で設定すれば、エスクローされます (docs/commands.md)。`,
  },
  "attestations-failed": {
    title: (facts) => `${devices(facts)}が有効な構成証明なしで応答しています`,
    means: "デバイスの申告を Apple が確認しないか、別の内容を確認しています。",
    todo: ({ device }) =>
      `理由は GET /api/v1/devices/${device} の attestation にあります。別のデバイスになりすましている場合は、人による確認が必要です (docs/attestation.md)。`,
  },
  "profile-failed": {
    title: (facts) => `${devices(facts)}にプロファイル ${facts.identifier} がインストールされていません`,
    means: "その設定は適用されていません。",
    todo: ({ identifier }) => `理由: GET /api/v1/profiles/${identifier}/devices?state=failed`,
  },
  "declaration-failed": {
    title: (facts) => `${devices(facts)}で宣言 ${facts.identifier} が無効です`,
    means: "その設定は適用されていません。",
    todo: ({ identifier }) => `理由: GET /api/v1/declarations/${identifier}/status`,
  },
  "app-given-up": {
    title: (facts) => `${devices(facts)}でアプリ ${facts.app} のインストールに失敗し、再試行を終えました`,
    means: "何度か試みました。何かが変わるまで、再び試みることはありません。",
    todo: ({ app }) =>
      `理由: GET /api/v1/apps/${app}/devices?state=failed。原因を取り除き、変更したアプリを保存してください。`,
  },
  "app-bundle-id-differs": {
    title: (facts) =>
      `${devices(facts)}がアプリ ${facts.app} を ${facts.told} と報告していますが、ストアでは ${facts.expected} です`,
    means:
      "このサーバはデバイスの報告に従います。ストアのバンドル ID でこのアプリを指定したプロファイルは、別のアプリを指します。",
    todo: ({ app, told }) =>
      `App Store の ID を確認してください: GET /api/v1/apps/${app}。正しいアプリであれば、バンドル ID で指定する箇所には ${told} と書いてください。ストアには毎日問い合わせ直します。`,
  },
  "updates-overdue": {
    title: (facts) => `${devices(facts)}がアップデートポリシー ${facts.policy} の期限を過ぎています`,
    means: "期限を過ぎても、古いシステムのままです。",
    todo: ({ policy }) => `状況: GET /api/v1/software-updates/policies/${policy}/progress`,
  },
  "apple-list-stale": {
    title: ({ last }) =>
      last
        ? `Apple のシステム一覧は${day(last)}を最後に読み取られていません`
        : "Apple のシステム一覧が一度も読み取られていません",
    means: "それ以降に公開されたシステムは認識されません。最新に追従するポリシーは、一つ前にとどまります。",
    todo: ({ trouble }) =>
      `${trouble ? `最後の試行:「${trouble}」。` : ""}ジョブ apple-systems をもう一度開始するか (docs/declarations.md)、新しいリリースを自分で登録してください。`,
  },
  "platform-limit": {
    title: ({ percent }) => `データベースの${percent}％以上が使われています`,
    means: "いっぱいになると、新しい内容は保存されません。一覧は更新されず、コマンドや設定は拒否されます。",
    todo: ({ used, limit }) =>
      `${limit} のうち ${used} を使っています (設定 platform_database_mb)。events_days と audit_days を減らすか、不要になったデバイスを削除するか、上位のプランに移行してください。`,
  },
  "daily-limit": {
    title: ({ metric, what, percent, day: on }) =>
      `${said(remedies.limits, metric) ?? what}: ${day(on)}に1日の上限の${percent}％以上を使いました`,
    means:
      "Free プランの上限に達すると、Cloudflare は UTC の午前0時まですべてを拒否します。デバイスはその後自動的に再接続しますが、それまでは何も届きません。",
    todo: ({ used, limit }) =>
      `アカウントは ${number(limit)} のうち ${number(used)} を使いました。1日の上限がない Workers Paid に移行するか、リクエストの多い原因を調べてください (docs/cost.md)。`,
  },
  "daily-use-not-read": {
    title: () => "アカウントの使用量を Cloudflare から読み取れません",
    means: "1日の上限に近づいても通知されません。",
    todo: ({ trouble }) =>
      `最後の試行:「${trouble}」。設定 cloudflare_account_id と cloudflare_api_token を確認するか (docs/cost.md)、null にしてください。`,
  },
  "newer-release": {
    title: ({ newest }) => `リリース ${newest} が公開されました`,
    means: "ここにはない修正が含まれている可能性があります。",
    todo: ({ version }) =>
      `現在のバージョンは ${version} です。変更履歴を読んでから、npm run upgrade を実行してください (docs/upgrade.md)。`,
  },
  "mail-not-sent": {
    title: ({ to }) => `メールが ${to} に届きません`,
    means: "問題の通知は設定 mail_to の宛先に送られますが、届いていません。",
    todo: ({ lacks, trouble }) =>
      `${said(remedies.mail, lacks) ?? `最後の試行:「${trouble}」。`}docs/mail.md を参照し、POST /api/v1/mail/test で試すか、mail_to を空にしてください。`,
  },
  "backup-old": {
    title: ({ last }) =>
      last ? `最後のバックアップは${day(last)}です` : "バックアップが一度も作成されていません",
    means: "Cloudflare アカウントを失うと、それ以降の変更もすべて失われます。",
    todo: () => "npm run backup を実行し、ファイルを Cloudflare の外に保管してください (docs/backup.md)。",
  },
  "unsafe-setting": {
    title: ({ setting, what }) => said(remedies.settings, setting)?.what ?? String(what),
    means: "許可されていますが、より安全な設定があります。",
    todo: ({ setting, remedy }) => said(remedies.settings, setting)?.remedy ?? String(remedy),
  },
};
