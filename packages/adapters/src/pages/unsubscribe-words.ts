import type { Locale } from "@imgpilot/contract/locales";

type Words = {
  readonly title: string;
  /** Before the press of the button and after it. */
  readonly effect: string;
  readonly press: string;
  readonly done: string;
  readonly broken: string;
  readonly whatToDo: string;
};

export const UNSUBSCRIBE_WORDS: Readonly<Record<Locale, Words>> = {
  en: {
    title: "Stop these mails",
    effect: "You will get no more mails of this kind. You can ask for them again in your account.",
    press: "Stop them",
    done: "You get no more of these mails",
    broken: "This link is incomplete",
    whatToDo: "Open it from the mail once more, or end these mails in your account.",
  },
  zh: {
    title: "停止接收此类邮件",
    effect: "您将不再收到此类邮件。您可以随时在账户中重新开启。",
    press: "停止接收",
    done: "您将不再收到此类邮件",
    broken: "此链接不完整",
    whatToDo: "请从邮件中重新打开，或在账户中停止接收。",
  },
  ja: {
    title: "配信を停止する",
    effect: "この種のメールは今後届きません。アカウントでいつでも再開できます。",
    press: "停止する",
    done: "配信を停止しました",
    broken: "このリンクは不完全です",
    whatToDo: "メールからもう一度開くか、アカウントで停止してください。",
  },
  ko: {
    title: "메일 수신 중단",
    effect: "이런 종류의 메일은 더 이상 받지 않게 됩니다. 계정에서 언제든 다시 신청할 수 있습니다.",
    press: "중단하기",
    done: "더 이상 이 메일을 받지 않습니다",
    broken: "링크가 올바르지 않습니다",
    whatToDo: "메일에서 다시 열거나 계정에서 수신을 중단하세요.",
  },
  es: {
    title: "Dejar de recibir estos correos",
    effect: "No recibirás más correos de este tipo. Puedes volver a pedirlos en tu cuenta.",
    press: "Dejar de recibirlos",
    done: "Ya no recibirás estos correos",
    broken: "Este enlace está incompleto",
    whatToDo: "Ábrelo de nuevo desde el correo o desactívalos en tu cuenta.",
  },
  fr: {
    title: "Ne plus recevoir ces e-mails",
    effect: "Vous ne recevrez plus d’e-mails de ce type. Vous pouvez les redemander dans votre compte.",
    press: "Ne plus les recevoir",
    done: "Vous ne recevrez plus ces e-mails",
    broken: "Ce lien est incomplet",
    whatToDo: "Ouvrez-le de nouveau depuis l’e-mail, ou arrêtez ces e-mails dans votre compte.",
  },
  de: {
    title: "Diese E-Mails abbestellen",
    effect: "Sie erhalten keine E-Mails dieser Art mehr. In Ihrem Konto können Sie sie wieder bestellen.",
    press: "Abbestellen",
    done: "Sie erhalten diese E-Mails nicht mehr",
    broken: "Dieser Link ist unvollständig",
    whatToDo: "Öffnen Sie ihn noch einmal aus der E-Mail, oder bestellen Sie in Ihrem Konto ab.",
  },
  ar: {
    title: "إيقاف هذه الرسائل",
    effect: "لن تصلك رسائل من هذا النوع بعد الآن. يمكنك طلبها من جديد في حسابك.",
    press: "إيقافها",
    done: "لن تصلك هذه الرسائل بعد الآن",
    broken: "هذا الرابط ناقص",
    whatToDo: "افتحه من الرسالة مرة أخرى، أو أوقف الرسائل من حسابك.",
  },
};
