import type { Words } from "../words.ts";

export const fr: Words = {
  labels: {
    amount: "Montant",
    charged: "Débités, en crédits",
    credits: "Crédits",
    date: "Le",
    expires: "Jusqu’au",
    images: "Nombre d’images",
    product: "Achat",
    prompt: "Description",
    reference: "Référence",
    newEmail: "Nouvelle adresse",
  },
  code: "Ou saisissez ce code",
  because: {
    account: "Vous recevez cet e-mail parce qu’il concerne votre compte ImgPilot.",
    wish: "Vous recevez cet e-mail parce que vous l’avez demandé dans votre compte ImgPilot.",
  },
  unsubscribe: "Ne plus recevoir ces e-mails",
  letters: {
    sign_in: {
      subject: "{code} est votre code ImgPilot",
      heading: "Se connecter à ImgPilot",
      text: ["Le bouton ouvre une page où vous confirmez que c’est bien vous."],
      action: "Se connecter",
      after: [
        "Le lien et le code fonctionnent une seule fois, dans les {minutes} minutes.",
        "Si vous n’avez rien demandé, ne faites rien : sans cet e-mail, personne ne peut se connecter à votre place.",
      ],
    },
    welcome: {
      subject: "Bienvenue sur ImgPilot",
      text: [
        "Votre compte est ouvert, et ces crédits sont à vous pour essayer tous les modèles. Vous voyez le prix avant chaque image, et une image ratée n’est jamais débitée.",
      ],
      action: "Créer une image",
    },
    receipt: {
      subject: "Votre reçu ImgPilot",
      text: ["Merci. Nous avons reçu votre paiement, et les crédits sont sur votre compte."],
      action: "Voir la facturation",
    },
    generation_finished: {
      subject: "Vos images sont prêtes",
      text: ["La génération dont vous vouliez être averti est terminée."],
      action: "Voir les images",
    },
    credits_low: {
      subject: "Il vous reste peu de crédits",
      text: ["Vous avez demandé à être averti lorsqu’il reste peu de crédits."],
      action: "Obtenir des crédits",
    },
    credits_expiring: {
      subject: "Une partie de vos crédits expire bientôt",
      text: ["Les crédits qui ne sont pas utilisés à la date ci-dessous expirent."],
      action: "Les utiliser maintenant",
    },
    policy_changed: {
      subject: "Notre politique de confidentialité change",
      text: [
        "Une nouvelle version entre en vigueur à la date ci-dessous. Jusque-là, la version actuelle s’applique.",
      ],
      action: "Lire les changements",
    },
    export_ready: {
      subject: "Vos données sont prêtes à être téléchargées",
      text: [
        "Tout ce que nous conservons à votre sujet se trouve dans un seul fichier. Connectez-vous à votre compte pour le télécharger.",
      ],
      action: "Aller au téléchargement",
    },
    account_deleted: {
      subject: "Votre compte ImgPilot est supprimé",
      text: [
        "Vos sessions, vos images et votre historique ont disparu. Ce que le droit fiscal nous oblige à conserver sur les paiements reste jusqu’à la fin du délai.",
        "C’est le dernier e-mail que vous recevez de nous. Gardez la référence pour toute question.",
      ],
    },
    new_sign_in: {
      subject: "Nouvelle connexion à votre compte ImgPilot",
      text: [
        "Quelqu’un s’est connecté à votre compte.",
        "Si c’était vous, il n’y a rien à faire. Sinon, mettez fin à cette session maintenant.",
      ],
      action: "Voir vos sessions",
    },
    email_change: {
      subject: "Confirmez votre nouvelle adresse ImgPilot",
      text: [
        "L’adresse de votre compte doit devenir celle ci-dessous. Ce sera fait quand les deux adresses auront confirmé.",
      ],
      action: "Confirmer le changement",
      after: [
        "Le lien fonctionne une seule fois, dans les {minutes} minutes.",
        "Si vous n’avez rien demandé, ne faites rien : rien ne change.",
      ],
    },
    email_changed: {
      subject: "Votre adresse ImgPilot a changé",
      text: [
        "Désormais, vous vous connectez avec l’adresse ci-dessous.",
        "Si vous n’avez rien demandé, répondez tout de suite à cet e-mail.",
      ],
      action: "Voir votre compte",
    },
  },
};
