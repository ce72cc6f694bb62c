import type { Remedies } from "./remedies.ts";

const patch = (name: string, value: string): string =>
  `PATCH /api/v1/settings に {"${name}": ${value}} を送ってください。`;

export const remedies: Remedies = {
  settings: {
    PUBLIC_URL: {
      what: "サーバのアドレスが設定されておらず、リクエストごとのアドレスが使われています",
      remedy: "PUBLIC_URL またはカスタムドメインを設定してください (docs/configuration.md)。",
    },
    MASTER_KEY_PREVIOUS: {
      what: "以前のマスターキーがまだ設定されています",
      remedy: "ジョブ reseal を実行し、完了の表示が出たら MASTER_KEY_PREVIOUS を削除してください。",
    },
    WEBHOOK_ALLOW_LOCAL: {
      what: "Webhook がプライベートアドレスへ、TLS なしで送信できます",
      remedy: "WEBHOOK_ALLOW_LOCAL を削除してください。これは開発用です。",
    },
    SCEP_LEGACY_CIPHERS: {
      what: "SCEP が、破られた暗号方式を受け付けています",
      remedy: "必要とするクライアントがなくなったら SCEP_LEGACY_CIPHERS を削除してください。",
    },
    static_challenge: {
      what: "固定チャレンジを知っている人は、ID 証明書をいくつでも取得できます",
      remedy: patch("static_challenge", "null"),
    },
    allow_replacement: {
      what: "デバイスを特定しない登録が、登録済みのデバイスを置き換えることができます",
      remedy: patch("allow_replacement", "false"),
    },
    trust_reported_identifiers: {
      what: "シリアル番号を名乗るだけのデバイスに、その番号向けの内容が渡されます",
      remedy: patch("trust_reported_identifiers", "false"),
    },
    unknown_device: {
      what: "不明なデバイスに、プロファイルの削除が指示されます",
      remedy: patch("unknown_device", '"refuse"'),
    },
    migration: {
      what: "ほかのサーバのデバイスを受け入れる入口が開いています",
      remedy: `移行が終わったら、${patch("migration", "false")}`,
    },
    compat_destructive: {
      what: "ほかのツールのスクリプトが、確認なしに多数のデバイスを一度に消去できます",
      remedy: patch("compat_destructive", "false"),
    },
  },
  outcomes: {
    challenged: {
      what: "Cloudflare がチャレンジを返しています",
      remedy:
        "Cloudflare ダッシュボードのゾーンで Bot Fight Mode をオフにし (Security → Bots。例外は設定できません)、デバイス用のパスを Skip ルールでカスタムルール、Super Bot Fight Mode、Under Attack モードのチャレンジから除外してください。原因は Security Events で確認できます。",
    },
    "access-login": {
      what: "Cloudflare Access のログイン画面が応答しています",
      remedy:
        "このホスト名から Cloudflare Access を外すか、デバイス用のパス /mdm、/scep、/acme、/crl、/enroll に Bypass ポリシーを追加してください。",
    },
    "browser-check": {
      what: "Browser Integrity Check がリクエストを拒否しています (エラー 1010)",
      remedy:
        "設定ルールで、このホスト名の Browser Integrity Check をオフにしてください。Apple のプログラムには、一般的な User-Agent を持たないものがあります。",
    },
    blocked: {
      what: "このサーバの手前で、リクエストがブロックされています",
      remedy:
        "ゾーンの Security Events で、ブロックしたルール (カスタムルール、マネージドルール、IP アクセス、ゾーンロックダウン) を探し、デバイス用のパスを除外してください。",
    },
    redirected: {
      what: "リダイレクトが応答しています",
      remedy:
        "このホスト名のリダイレクト (Redirect Rules、Page Rules、Always Use HTTPS) を外してください。リダイレクトされた PUT は失われます。",
    },
    "daily-limit": {
      what: "1日のリクエスト数を使い切りました (エラー 1027)",
      remedy:
        "Free プランでは UTC の午前0時まで受け付けられません。Workers Paid プランにこの制限はありません。",
    },
    "rate-limited": {
      what: "このサーバの手前で、リクエスト数が制限されています (429)",
      remedy: "このホスト名に該当するゾーンのレート制限ルールを探し、デバイス用のパスを除外してください。",
    },
    "not-ours": {
      what: "別のサーバが応答しています",
      remedy:
        "ホスト名がどの Worker、ルート、オリジンにつながっているか、PUBLIC_URL が正しいかを確認してください。",
    },
    unexpected: {
      what: "このサーバの応答が想定と異なります",
      remedy: "不足しているものを /readyz で確認してください。",
    },
    unreachable: {
      what: "アドレスに接続できません",
      remedy:
        "名前が DNS に登録され、証明書が発行され、カスタムドメインがこの Worker につながっているかを確認してください。",
    },
    untested: {
      what: "Worker が自分のアドレスを確認できません",
      remedy:
        "別のコンピュータで npm run selftest を実行してください。互換性フラグ global_fetch_strictly_public があれば、Worker 自身で確認できます。",
    },
  },
  accounts: {
    terms:
      "この組織の管理者が Apple Business または Apple School Manager にサインインし、新しい規約に同意する必要があります。登録済みのデバイスは引き続き動作します。",
    rights: "このサーバまたは API アカウントの権限を、Apple のポータルで確認してください。",
    token:
      "Apple Business または Apple School Manager で、このサーバの新しいトークンをダウンロードし、このアカウントにアップロードしてください。複数の人が管理する Apple Account をお勧めします。",
    key: "クライアント ID とキー ID を Apple のポータルと照合してください。正しい場合は、API アカウントの新しいキーを作成し (環境設定 → API)、ここに保存してください。",
    "user-agent": "このアカウントに、製品名とバージョンからなる別の User-Agent を設定してください。",
    profile: "ADE プロファイルを修正し、もう一度保存してください。",
    beta: "Apple Business または Apple School Manager で、ベータ版へのアクセスをオンにしてください。",
    wait: "対処は不要です。あとで Apple に再度問い合わせます。",
    "in-between":
      "あとで Apple に再度問い合わせます。続く場合は、このサーバと Apple の間で何かが代わりに応答していないか、アカウントのベース URL が正しいかを確認してください。",
    "ask-apple": "Apple はこの組織に、この機能を提供していません。Apple に問い合わせてください。",
    report: "このサーバの不具合です。応答の内容を添えて報告してください。",
  },
  checks: {
    token: "ADE アカウントのトークンが期限まで有効ではありません。更新してください",
    profile: "ADE プロファイルを割り当てるルールがありません。ルールを追加するか、手動で割り当ててください",
    "profile-assigned":
      "ADE プロファイルの最新版が、Apple でまだ割り当てられていません。これは自動で行われます",
    "awaits-configuration":
      "ADE プロファイルに await_device_configured がありません。移行時に管理対象のアプリとデータが削除されます",
    "not-shared": "ADE プロファイルが共有 iPad 用です。共有 iPad は移行できません",
    "file-vault-escrow":
      "登録設定 file_vault_escrow が設定されていません。この Mac の新しい FileVault キーがどこにもエスクローされません",
  },
  limits: {
    "worker-requests": "Workers へのリクエスト",
    "object-requests": "Durable Objects へのリクエスト",
    "object-rows-read": "Durable Objects で読み取った行",
    "object-rows-written": "Durable Objects に書き込んだ行",
    "database-rows-read": "D1 で読み取った行",
    "database-rows-written": "D1 に書き込んだ行",
  },
  paused: {
    gone: "受信側が、すでに存在しないと応答しています (410)。",
    refuses: "受信側が多数のメッセージを拒否しました。",
    silent: "受信側が5日間何も受け取っていません。",
  },
  mail: {
    binding: "バインディング EMAIL がありません (wrangler.toml の [[send_email]])。",
    sender: "設定 mail_from が未設定です。",
  },
};
