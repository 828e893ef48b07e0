import type { Locale } from "@imgpilot/contract/locales";

type PageWords = {
  readonly signIn: string;
  /** `{email}` stands for whom. */
  readonly about: string;
  readonly onlyIfAsked: string;
  readonly age: string;
};

/** What the page says that the mail's link opens. */
export const CONFIRM_WORDS: Readonly<Record<Locale, PageWords>> = {
  en: {
    signIn: "Sign in",
    about: "You are about to sign in as {email}.",
    onlyIfAsked: "Go on only if you have just asked for this.",
    age: "I am at least 16, or at least 13 and old enough where I live to agree to this myself.",
  },
  zh: {
    signIn: "登录",
    about: "您即将以 {email} 的身份登录。",
    onlyIfAsked: "仅在您刚刚请求登录时继续。",
    age: "我已年满 16 岁，或已年满 13 岁且依据所在地法律可自行同意。",
  },
  ja: {
    signIn: "ログイン",
    about: "{email} としてログインします。",
    onlyIfAsked: "たった今ご自身で依頼した場合のみ、続けてください。",
    age: "私は 16 歳以上、または 13 歳以上で、居住地の法律により自分で同意できる年齢です。",
  },
  ko: {
    signIn: "로그인",
    about: "{email} 계정으로 로그인합니다.",
    onlyIfAsked: "방금 직접 요청하신 경우에만 계속하세요.",
    age: "본인은 만 16세 이상이거나, 만 13세 이상이며 거주 지역의 법에 따라 스스로 동의할 수 있는 나이입니다.",
  },
  es: {
    signIn: "Entrar",
    about: "Vas a entrar como {email}.",
    onlyIfAsked: "Continúa solo si acabas de pedirlo.",
    age: "Tengo al menos 16 años, o al menos 13 y la edad que exige la ley donde vivo para aceptarlo por mi cuenta.",
  },
  fr: {
    signIn: "Se connecter",
    about: "Vous allez vous connecter en tant que {email}.",
    onlyIfAsked: "Continuez seulement si vous venez de le demander.",
    age: "J’ai au moins 16 ans, ou au moins 13 ans et l’âge requis là où je vis pour accepter moi-même.",
  },
  de: {
    signIn: "Anmelden",
    about: "Sie melden sich gleich als {email} an.",
    onlyIfAsked: "Fahren Sie nur fort, wenn Sie dies gerade angefordert haben.",
    age: "Ich bin mindestens 16 Jahre alt, oder mindestens 13 und an meinem Wohnort alt genug, um selbst zuzustimmen.",
  },
  ar: {
    signIn: "تسجيل الدخول",
    about: "أنت على وشك تسجيل الدخول باسم {email}.",
    onlyIfAsked: "تابع فقط إذا كنت قد طلبت ذلك للتو.",
    age: "عمري 16 عامًا على الأقل، أو 13 عامًا على الأقل وبلغت السن التي يسمح لي فيها قانون بلدي بالموافقة بنفسي.",
  },
};
