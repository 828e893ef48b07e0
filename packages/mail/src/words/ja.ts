import type { Words } from "../words.ts";

export const ja: Words = {
  labels: {
    amount: "金額",
    charged: "使用したクレジット",
    credits: "クレジット",
    date: "日時",
    expires: "期限",
    images: "画像の枚数",
    product: "ご購入内容",
    prompt: "プロンプト",
    reference: "参照番号",
    newEmail: "新しいアドレス",
  },
  code: "または、このコードを入力してください",
  because: {
    account: "このメールは、お客様の ImgPilot アカウントに関するお知らせです。",
    wish: "このメールは、ImgPilot アカウントで受信を希望された方にお送りしています。",
  },
  unsubscribe: "このメールの配信を停止する",
  letters: {
    sign_in: {
      subject: "{code} は ImgPilot のコードです",
      heading: "ImgPilot にログイン",
      text: ["ボタンを押すと、ご本人であることを確認するページが開きます。"],
      action: "ログイン",
      after: [
        "リンクとコードは {minutes} 分以内に一度だけ使えます。",
        "お心当たりがない場合は、何もする必要はありません。このメールがなければ、誰もあなたとしてログインできません。",
      ],
    },
    welcome: {
      subject: "ImgPilot へようこそ",
      text: [
        "アカウントが開設されました。このクレジットで、すべてのモデルをお試しいただけます。料金は生成の前に表示され、失敗した画像に料金はかかりません。",
      ],
      action: "画像を作る",
    },
    receipt: {
      subject: "ImgPilot の領収書",
      text: ["ありがとうございます。お支払いを受け取り、クレジットをアカウントに追加しました。"],
      action: "お支払いを見る",
    },
    generation_finished: {
      subject: "画像ができあがりました",
      text: ["お知らせをご希望の生成が完了しました。"],
      action: "画像を見る",
    },
    credits_low: {
      subject: "クレジットが残りわずかです",
      text: ["残りが少なくなったときのお知らせを希望されていました。"],
      action: "クレジットを追加する",
    },
    credits_expiring: {
      subject: "クレジットの一部がまもなく失効します",
      text: ["下記の期限までに使われなかったクレジットは失効します。"],
      action: "今すぐ使う",
    },
    policy_changed: {
      subject: "プライバシーポリシーが変わります",
      text: ["新しい版は下記の日に発効します。それまでは現在の版が適用されます。"],
      action: "変更点を読む",
    },
    export_ready: {
      subject: "データをダウンロードできます",
      text: [
        "お客様について保管しているすべてのデータを一つのファイルにまとめました。ログインしてダウンロードしてください。",
      ],
      action: "ダウンロードへ進む",
    },
    account_deleted: {
      subject: "ImgPilot アカウントを削除しました",
      text: [
        "セッション、画像、履歴はすべて削除されました。税法で保管が義務づけられた支払いの記録は、期間が終わるまで残ります。",
        "これが最後のメールです。お問い合わせに備えて、参照番号を保管してください。",
      ],
    },
    new_sign_in: {
      subject: "ImgPilot アカウントへの新しいログイン",
      text: [
        "お客様のアカウントにログインがありました。",
        "ご本人であれば、何もする必要はありません。そうでない場合は、すぐにそのセッションを終了してください。",
      ],
      action: "セッションを見る",
    },
    email_change: {
      subject: "ImgPilot の新しいアドレスをご確認ください",
      text: ["アカウントのアドレスを下記に変更します。両方のアドレスで確認されると、変更されます。"],
      action: "変更を確認する",
      after: [
        "リンクは {minutes} 分以内に一度だけ使えます。",
        "お心当たりがない場合は、何もする必要はありません。何も変わりません。",
      ],
    },
    email_changed: {
      subject: "ImgPilot のアドレスが変わりました",
      text: [
        "今後は下記のアドレスでログインしてください。",
        "お心当たりがない場合は、すぐにこのメールにご返信ください。",
      ],
      action: "アカウントを見る",
    },
  },
};
