import type { Words } from "../words.ts";

export const de: Words = {
  labels: {
    amount: "Betrag",
    charged: "Berechnet, in Credits",
    credits: "Guthaben in Credits",
    date: "Datum",
    expires: "Bis",
    images: "Bilder",
    product: "Kauf",
    prompt: "Bildbeschreibung",
    reference: "Referenz",
    newEmail: "Neue Adresse",
  },
  code: "Oder geben Sie diesen Code ein",
  because: {
    account: "Sie erhalten diese E-Mail, weil sie Ihr ImgPilot-Konto betrifft.",
    wish: "Sie erhalten diese E-Mail, weil Sie sie in Ihrem ImgPilot-Konto gewünscht haben.",
  },
  unsubscribe: "Diese E-Mails abbestellen",
  letters: {
    sign_in: {
      subject: "{code} ist Ihr ImgPilot-Code",
      heading: "Bei ImgPilot anmelden",
      text: ["Die Schaltfläche öffnet eine Seite, auf der Sie bestätigen, dass Sie es sind."],
      action: "Anmelden",
      after: [
        "Link und Code gelten einmal, innerhalb von {minutes} Minuten.",
        "Wenn Sie das nicht angefordert haben, tun Sie nichts: Ohne diese E-Mail kann sich niemand als Sie anmelden.",
      ],
    },
    welcome: {
      subject: "Willkommen bei ImgPilot",
      text: [
        "Ihr Konto ist eröffnet, und mit diesen Credits können Sie jedes Modell ausprobieren. Sie sehen den Preis vor jedem Bild, und ein misslungenes Bild wird nie berechnet.",
      ],
      action: "Ein Bild erstellen",
    },
    receipt: {
      subject: "Ihr Beleg von ImgPilot",
      text: ["Vielen Dank. Ihre Zahlung ist eingegangen, und die Credits sind auf Ihrem Konto."],
      action: "Zur Abrechnung",
    },
    generation_finished: {
      subject: "Ihre Bilder sind fertig",
      text: ["Die Generierung, über die wir Sie informieren sollten, ist abgeschlossen."],
      action: "Bilder ansehen",
    },
    credits_low: {
      subject: "Ihr Guthaben geht zur Neige",
      text: ["Sie wollten erfahren, wenn nur noch wenige Credits übrig sind."],
      action: "Credits kaufen",
    },
    credits_expiring: {
      subject: "Ein Teil Ihrer Credits verfällt bald",
      text: ["Credits, die bis zum unten genannten Datum nicht genutzt sind, verfallen."],
      action: "Jetzt nutzen",
    },
    policy_changed: {
      subject: "Unsere Datenschutzerklärung ändert sich",
      text: ["Eine neue Fassung gilt ab dem unten genannten Datum. Bis dahin gilt die jetzige."],
      action: "Änderungen lesen",
    },
    export_ready: {
      subject: "Ihre Daten stehen zum Herunterladen bereit",
      text: [
        "Alles, was wir über Sie gespeichert haben, ist in einer Datei. Melden Sie sich an, um sie herunterzuladen.",
      ],
      action: "Zum Download",
    },
    account_deleted: {
      subject: "Ihr ImgPilot-Konto ist gelöscht",
      text: [
        "Ihre Sitzungen, Bilder und Ihr Verlauf sind gelöscht. Was wir nach dem Steuerrecht über Zahlungen aufbewahren müssen, bleibt bis zum Ablauf der Frist.",
        "Dies ist die letzte E-Mail, die Sie von uns erhalten. Bewahren Sie die Referenz für Rückfragen auf.",
      ],
    },
    new_sign_in: {
      subject: "Neue Anmeldung bei Ihrem ImgPilot-Konto",
      text: [
        "Jemand hat sich bei Ihrem Konto angemeldet.",
        "Wenn Sie es waren, müssen Sie nichts tun. Wenn nicht, beenden Sie diese Sitzung jetzt.",
      ],
      action: "Sitzungen ansehen",
    },
    email_change: {
      subject: "Bestätigen Sie Ihre neue ImgPilot-Adresse",
      text: [
        "Die Adresse Ihres Kontos soll sich in die unten genannte ändern. Das geschieht, sobald beide Adressen bestätigt haben.",
      ],
      action: "Änderung bestätigen",
      after: [
        "Der Link gilt einmal, innerhalb von {minutes} Minuten.",
        "Wenn Sie das nicht angefordert haben, tun Sie nichts: Es ändert sich nichts.",
      ],
    },
    email_changed: {
      subject: "Ihre ImgPilot-Adresse wurde geändert",
      text: [
        "Ab jetzt melden Sie sich mit der unten genannten Adresse an.",
        "Wenn Sie das nicht veranlasst haben, antworten Sie sofort auf diese E-Mail.",
      ],
      action: "Konto ansehen",
    },
  },
};
