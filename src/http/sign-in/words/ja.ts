import type { SignInWords } from "./sign-in-words.ts";

const ask = "デバイスの管理担当者に知らせてください。";
const misconfigured = (why: string) => ({ title: "まだサインインできません", why, next: ask });

export const words: SignInWords = {
  locale: "ja-JP",
  code: {
    title: (organization) => `${organization} にサインイン`,
    heading: "招待でサインイン",
    ask: (organization) =>
      `${organization} から受け取ったコードを入力してください。招待のリンクの末尾、code= の後にあります。`,
    wrong: "このコードは使えません。",
    wrongHelp:
      "入力の誤り、使用済み、期限切れ、または取り消しの可能性があります。入力の誤りでなければ、新しいコードを依頼してください。",
    label: "コード",
    next: "続ける",
  },
  refusals: {
    cancelled: {
      title: "サインインしませんでした",
      why: "サインインがキャンセルされたか、組織がこの用途での利用を許可していません。",
      next: "もう一度試すか、デバイスの管理担当者に問い合わせてください。",
    },
    "provider-refused": misconfigured("組織のサインインサービスが、このサーバの要求を拒否しました。"),
    "provider-unreachable": {
      title: "サインインサービスが応答しません",
      why: "現在、組織のサインインサービスに接続できません。失われたものはありません。",
      next: "1分後にもう一度試してください。",
    },
    "provider-misbehaves": misconfigured("組織のサインインサービスから、理解できない応答がありました。"),
    "client-not-accepted": misconfigured(
      "組織のサインインサービスに、このサーバまたはそのパスワードが登録されていません。",
    ),
    "state-unknown": {
      title: "このサインインは終了しました",
      why: "開始から時間が経ちすぎたか、アドレスの一部が欠けています。",
      next: "最初からやり直してください。",
    },
    "other-browser": {
      title: "このサインインは別の場所で開始されました",
      why: "別のブラウザまたはデバイスで開始されたか、このブラウザが Cookie を保存していません。",
      next: "Cookie を許可し、同じウインドウで最初からやり直してください。",
    },
    "code-spent": {
      title: "このサインインはすでに使われました",
      why: "ページが2回開かれたか、時間がかかりすぎました。",
      next: "もう一度試してください。",
    },
    "token-invalid": {
      title: "サインインできませんでした",
      why: "サインインサービスから届いたあなたの情報を検証できません。",
      next: "もう一度試してください。解決しない場合は、デバイスの管理担当者に知らせてください。",
    },
    "clock-differs": misconfigured("このサーバとサインインサービスの時刻が一致していません。"),
    "no-account": {
      title: "アカウントの情報が不足しています",
      why: "組織で使われているあなたのアドレスが、サインインサービスから届いていません。",
      next: ask,
    },
    "domain-not-allowed": {
      title: "この組織のアカウントではありません",
      why: "ここでは受け付けていないアカウントでサインインしました。",
      next: "職場または学校のアカウントでもう一度試してください。",
    },
    "email-not-verified": {
      title: "アドレスが確認されていません",
      why: "アドレスがあなたのものかどうか、サインインサービスがまだ確認していません。",
      next: "サインインサービスで確認してから、もう一度試してください。",
    },
    "access-missing": misconfigured("このページは、組織のサインインを通して開く必要があります。"),
    "invitation-unknown": {
      title: "このコードは使えません",
      why: "入力の誤り、使用済み、期限切れ、または取り消しの可能性があります。",
      next: "入力の誤りでなければ、新しいコードを依頼してください。",
    },
    "administrators-not-set": {
      title: "管理者はここではサインインできません",
      why: "管理者用のサインインサービスが設定されていません。管理者は API トークンを使います。",
      next: "管理者にトークンを依頼するか、PUT /api/v1/sign-in/administrators の設定を依頼してください。",
    },
    "not-an-administrator": {
      title: "あなたはこのサーバの管理者ではありません",
      why: "サインインしましたが、このサーバのどのルールもあなたに役割を与えていません。",
      next: "あなたまたはグループをルールに追加するよう、管理者に依頼してください。",
    },
    "administrator-invitation-unknown": {
      title: "この招待は使えません",
      why: "使用済み、取り消し、期限切れのいずれかか、リンクの一部が欠けています。",
      next: "招待した人に、新しい招待を依頼してください。",
    },
    "administrator-invitation-of-another": {
      title: "この招待は別のアドレス宛てです",
      why: "招待されていないアドレス、または確認されていないアドレスでサインインしています。",
      next: "招待が送られたアドレスでサインインしてください。",
    },
    "program-not-accepted": {
      title: "このサインインを開始できません",
      why: "このページを開いたプログラムが、許可されていない内容を要求しています。",
      next: "プログラムをアップデートするか、ログにある理由を開発元に伝えてください。",
    },
    "invitation-without-account": {
      title: "この招待は特定の人宛てではありません",
      why: "アカウントが指定されていませんが、ここでは必要です。",
      next: "あなた宛ての招待を依頼してください。",
    },
  },
  again: "もう一度試す",
  inLog: "サポート担当者は、ログでこれを確認できます:",
  fault: {
    title: "うまくいきませんでした",
    why: "サーバで問題が発生しました。",
    next: "1分後にもう一度試してください。",
  },
  administrator: {
    title: "管理者としてサインイン",
    you: "あなた",
    role: "役割",
    lasts: "有効期間",
    hours: (hours) => `${hours}時間`,
    showsToken: "このページに API トークンが表示されます。",
    console: "このサーバのコンソールが、あなたとして操作します。",
    program: (host) =>
      `このコンピュータのプログラム (${host}) が、あなたとして操作することを求めています。自分で起動した直後の場合だけ続けてください。`,
    next: "続ける",
    stop: "心当たりがない場合は、このページを閉じてください。",
  },
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
  me: {
    title: (organization) => `${organization} にサインイン中`,
    heading: "サインインしています",
    name: "名前",
    account: "管理対象 Apple Account",
    device: "デバイス",
    yours: "あなたのデバイス (仕事にも使用)",
    managed: (organization) => `${organization} が管理`,
    since: (day) => `${day}から`,
    privacy: (organization) => `${organization} が閲覧できること、できないこと`,
    signOut: "サインアウト",
    signedOut: "サインアウトしました",
    signedOutHelp:
      "このブラウザのサインイン情報は削除されました。ほかの人も使う場合は、ウインドウも閉じてください。",
    signInAgain: "もう一度サインインする",
  },
  kept: {
    sees: (organization) => `${organization} が閲覧できないもの`,
    does: (organization) => `${organization} ができないこと`,
    seen: [
      "あなた自身のアプリと、その一覧",
      "メール、メッセージ、写真、カレンダー、連絡先、書類",
      "開いた Web ページと、デバイスの場所",
      "シリアル番号、電話番号など、変わることのない番号",
      "パスコード",
    ],
    done: [
      "デバイスやあなたのデータを消去すること",
      "パスコードを削除すること",
      "上記の範囲を超えて、デバイスの動作を変えること",
      "あなたが終了するのを妨げること: 「設定」でいつでもプロファイルを削除でき、仕事のデータも一緒に削除されます",
    ],
    management: "デバイス管理そのものが、メッセージ、写真、通話を読み取ることはありません。",
  },
  before: {
    own: (organization) => `このデバイスを ${organization} で使う`,
    ownHelp:
      "デバイスはあなたのものです。仕事のデータは、あなたのデータとは別に保管されます。その内容は次のとおりです。",
    managed: (organization) => `このデバイスの管理を ${organization} に任せる`,
    managedHelp: (organization) =>
      `デバイスは ${organization} が設定し、管理します。その内容は次のとおりです。`,
    next: "サインインに進む",
    stop: "まだ何も行われていません。中止するには、このページを閉じてください。",
  },
  setup: {
    title: "設定",
    heading: "うまくいきませんでした",
    notADevice: "このページは、設定中のデバイスが開くページです。",
    notApples: "このデバイスが Apple のデバイスであることを確認できませんでした。",
    tooMuch: "このデバイスの情報が長すぎます。",
    notHere: "このデバイスはここでは設定できません。",
    unknownDevice:
      "このデバイスはこのサーバに割り当てられていません。Apple Business で割り当ててから、もう一度試してください。",
    unpairedWatch:
      "この Apple Watch は、管理対象の iPhone とペアリングされていません。ペアリングを解除し、もう一度ペアリングしてください。",
    notReady: "このサーバはまだデバイスを登録できません。デバイスの管理担当者に知らせてください。",
  },
};
