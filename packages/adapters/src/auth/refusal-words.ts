import type { Locale } from "@imgpilot/contract/locales";

export type Reason =
  | "sign_in.invalid"
  | "request.invalid"
  | "age.unconfirmed"
  | "origin.refused"
  | "rate.limited"
  | "other";
type Words = Readonly<Record<Reason, readonly [title: string, why: string]> & { back: string }>;

/** Why the mail's link, or the button behind it, did not sign in. */
export const REFUSAL_WORDS: Readonly<Record<Locale, Words>> = {
  en: {
    back: "Back to ImgPilot",
    "sign_in.invalid": [
      "This link is used up",
      "It works once, within ten minutes. Ask for a new mail and use the newest one.",
    ],
    "request.invalid": [
      "This link is broken",
      "Part of it is missing. Open it from the mail once more, or ask for a new mail.",
    ],
    "age.unconfirmed": ["Confirm your age first", "Go back, tick the box and press the button again."],
    "origin.refused": ["Open the link once more", "The button was not pressed on our own page."],
    "rate.limited": ["Too many tries", "Wait a while, then open the link again."],
    other: ["That did not work", "Something went wrong on our side. Please try again."],
  },
  zh: {
    back: "返回 ImgPilot",
    "sign_in.invalid": ["此链接已失效", "链接只能使用一次，十分钟内有效。请重新获取邮件，并使用最新的一封。"],
    "request.invalid": ["此链接不完整", "链接缺少一部分。请从邮件中重新打开，或重新获取邮件。"],
    "age.unconfirmed": ["请先确认年龄", "请返回，勾选选项后再次点击按钮。"],
    "origin.refused": ["请重新打开链接", "按钮并非在我们的页面上点击。"],
    "rate.limited": ["尝试次数过多", "请稍候片刻，再重新打开链接。"],
    other: ["操作未成功", "我们这边出了问题，请重试。"],
  },
  ja: {
    back: "ImgPilot に戻る",
    "sign_in.invalid": [
      "このリンクは使用できません",
      "リンクは十分以内に一度だけ使えます。新しいメールを依頼し、最新のものをお使いください。",
    ],
    "request.invalid": [
      "このリンクは不完全です",
      "一部が欠けています。メールからもう一度開くか、新しいメールを依頼してください。",
    ],
    "age.unconfirmed": [
      "先に年齢をご確認ください",
      "前のページに戻り、チェックを入れてからもう一度ボタンを押してください。",
    ],
    "origin.refused": ["リンクをもう一度開いてください", "ボタンが当サイトのページ以外で押されました。"],
    "rate.limited": ["試行回数が多すぎます", "しばらく待ってから、もう一度リンクを開いてください。"],
    other: ["うまくいきませんでした", "こちら側で問題が発生しました。もう一度お試しください。"],
  },
  ko: {
    back: "ImgPilot으로 돌아가기",
    "sign_in.invalid": [
      "이미 사용된 링크입니다",
      "링크는 10분 안에 한 번만 사용할 수 있습니다. 새 메일을 요청하고 가장 최근 메일을 사용하세요.",
    ],
    "request.invalid": [
      "링크가 올바르지 않습니다",
      "일부가 빠져 있습니다. 메일에서 다시 열거나 새 메일을 요청하세요.",
    ],
    "age.unconfirmed": ["먼저 나이를 확인해 주세요", "뒤로 돌아가 상자에 표시한 뒤 버튼을 다시 누르세요."],
    "origin.refused": ["링크를 다시 열어 주세요", "버튼이 저희 페이지가 아닌 곳에서 눌렸습니다."],
    "rate.limited": ["시도 횟수가 너무 많습니다", "잠시 기다린 뒤 링크를 다시 여세요."],
    other: ["처리하지 못했습니다", "저희 쪽에서 문제가 발생했습니다. 다시 시도해 주세요."],
  },
  es: {
    back: "Volver a ImgPilot",
    "sign_in.invalid": [
      "Este enlace ya no sirve",
      "Sirve una vez, durante diez minutos. Pide otro correo y usa el más reciente.",
    ],
    "request.invalid": [
      "Este enlace está incompleto",
      "Le falta una parte. Ábrelo de nuevo desde el correo o pide otro correo.",
    ],
    "age.unconfirmed": [
      "Confirma primero tu edad",
      "Vuelve atrás, marca la casilla y pulsa el botón de nuevo.",
    ],
    "origin.refused": ["Abre el enlace otra vez", "El botón no se pulsó en nuestra propia página."],
    "rate.limited": ["Demasiados intentos", "Espera un momento y abre el enlace de nuevo."],
    other: ["No ha funcionado", "Algo ha fallado por nuestra parte. Inténtalo de nuevo."],
  },
  fr: {
    back: "Revenir à ImgPilot",
    "sign_in.invalid": [
      "Ce lien n’est plus valable",
      "Il fonctionne une seule fois, dans les dix minutes. Demandez un nouvel e-mail et utilisez le plus récent.",
    ],
    "request.invalid": [
      "Ce lien est incomplet",
      "Il en manque une partie. Ouvrez-le de nouveau depuis l’e-mail, ou demandez-en un autre.",
    ],
    "age.unconfirmed": [
      "Confirmez d’abord votre âge",
      "Revenez en arrière, cochez la case et appuyez de nouveau sur le bouton.",
    ],
    "origin.refused": [
      "Ouvrez le lien encore une fois",
      "Le bouton n’a pas été utilisé sur notre propre page.",
    ],
    "rate.limited": ["Trop d’essais", "Attendez un peu, puis ouvrez de nouveau le lien."],
    other: ["Cela n’a pas fonctionné", "Un problème est survenu de notre côté. Veuillez réessayer."],
  },
  de: {
    back: "Zurück zu ImgPilot",
    "sign_in.invalid": [
      "Dieser Link ist verbraucht",
      "Er gilt einmal, innerhalb von zehn Minuten. Fordern Sie eine neue E-Mail an und nutzen Sie die neueste.",
    ],
    "request.invalid": [
      "Dieser Link ist unvollständig",
      "Ein Teil fehlt. Öffnen Sie ihn noch einmal aus der E-Mail, oder fordern Sie eine neue an.",
    ],
    "age.unconfirmed": [
      "Bestätigen Sie zuerst Ihr Alter",
      "Gehen Sie zurück, setzen Sie das Häkchen und drücken Sie die Schaltfläche noch einmal.",
    ],
    "origin.refused": [
      "Öffnen Sie den Link noch einmal",
      "Die Schaltfläche wurde nicht auf unserer eigenen Seite gedrückt.",
    ],
    "rate.limited": ["Zu viele Versuche", "Warten Sie etwas und öffnen Sie den Link dann erneut."],
    other: [
      "Das hat nicht geklappt",
      "Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.",
    ],
  },
  ar: {
    back: "العودة إلى ImgPilot",
    "sign_in.invalid": [
      "انتهت صلاحية هذا الرابط",
      "يعمل مرة واحدة خلال عشر دقائق. اطلب رسالة جديدة واستخدم أحدثها.",
    ],
    "request.invalid": ["هذا الرابط ناقص", "جزء منه مفقود. افتحه من الرسالة مرة أخرى أو اطلب رسالة جديدة."],
    "age.unconfirmed": ["أكّد عمرك أولًا", "ارجع وضع علامة في المربع ثم اضغط الزر مرة أخرى."],
    "origin.refused": ["افتح الرابط مرة أخرى", "لم يُضغط الزر في صفحتنا."],
    "rate.limited": ["محاولات كثيرة جدًا", "انتظر قليلًا ثم افتح الرابط مرة أخرى."],
    other: ["لم ينجح ذلك", "حدث خطأ لدينا. حاول مرة أخرى من فضلك."],
  },
};
