import type { Words } from "../words.ts";

export const en: Words = {
  labels: {
    amount: "Amount",
    charged: "Charged, in credits",
    credits: "Credits",
    date: "Date",
    expires: "Until",
    images: "Images",
    product: "Purchase",
    prompt: "Prompt",
    reference: "Reference",
    newEmail: "New address",
  },
  code: "Or enter this code",
  because: {
    account: "You get this mail because it concerns your ImgPilot account.",
    wish: "You get this mail because you asked for it in your ImgPilot account.",
  },
  unsubscribe: "Stop these mails",
  letters: {
    sign_in: {
      subject: "{code} is your ImgPilot code",
      heading: "Sign in to ImgPilot",
      text: ["The button opens a page where you confirm that it is you."],
      action: "Sign in",
      after: [
        "Link and code work once, within {minutes} minutes.",
        "If you did not ask for this, do nothing: without this mail nobody can sign in as you.",
      ],
    },
    welcome: {
      subject: "Welcome to ImgPilot",
      text: [
        "Your account is open, and these credits are yours to try every model with. You see the price before each image, and a failed image is never charged.",
      ],
      action: "Make an image",
    },
    receipt: {
      subject: "Your ImgPilot receipt",
      text: ["Thank you. We have received your payment, and the credits are in your account."],
      action: "See your billing",
    },
    generation_finished: {
      subject: "Your images are ready",
      text: ["The generation that you asked us to tell you about has finished."],
      action: "See the images",
    },
    credits_low: {
      subject: "Your credits are running low",
      text: ["You asked to be told when few credits are left."],
      action: "Get more credits",
    },
    credits_expiring: {
      subject: "Some of your credits expire soon",
      text: ["Credits that are not used by the date below expire."],
      action: "Use them now",
    },
    policy_changed: {
      subject: "Our privacy policy is changing",
      text: ["A new version takes effect on the date below. Until then the present one applies."],
      action: "Read what changes",
    },
    export_ready: {
      subject: "Your data is ready to download",
      text: ["Everything that we hold about you is in one file. Sign in to your account to download it."],
      action: "Go to the download",
    },
    account_deleted: {
      subject: "Your ImgPilot account is deleted",
      text: [
        "Your sessions, images and history are gone. What tax law makes us keep about payments stays until its time is over.",
        "This is the last mail that you get from us. Keep the reference in case you have a question.",
      ],
    },
    new_sign_in: {
      subject: "New sign-in to your ImgPilot account",
      text: [
        "Somebody has signed in to your account.",
        "If it was you, there is nothing to do. If not, end that session now.",
      ],
      action: "See your sessions",
    },
    email_change: {
      subject: "Confirm your new ImgPilot address",
      text: [
        "The address of your account is to change to the one below. It does once both addresses have confirmed.",
      ],
      action: "Confirm the change",
      after: [
        "The link works once, within {minutes} minutes.",
        "If you did not ask for this, do nothing: nothing changes.",
      ],
    },
    email_changed: {
      subject: "Your ImgPilot address has changed",
      text: [
        "From now on, you sign in with the address below.",
        "If you did not ask for this, answer this mail at once.",
      ],
      action: "See your account",
    },
  },
};
