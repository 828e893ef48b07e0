import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { m } from "#strings";
import { announce } from "../../controls/Announcer.tsx";
import { CodeForm } from "./CodeForm.tsx";
import { EmailForm } from "./EmailForm.tsx";
import { requestMail, signInByCode } from "./session.ts";

type Props = {
  intro: string;
  /** Asked when the mail is sent: where its link leads to once it has signed in. */
  returnPath: () => Promise<string>;
  onSignedIn: () => void;
};

/** Two steps in one place: an address, then the code of the mail. Whoever opens the mail's link may leave this be. */
export function SignIn({ intro, returnPath, onSignedIn }: Props) {
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const mail = useMutation({
    mutationFn: async (address: string) =>
      requestMail({ email: address, ageConfirmed: true, callbackURL: await returnPath() }),
    onSuccess: (_, address) => announce(m.mail_sent({ email: address })),
  });
  const enter = useMutation({
    mutationFn: (code: string) => signInByCode(email, code),
    onSuccess: async () => {
      await queries.invalidateQueries();
      announce(m.signed_in());
      onSignedIn();
    },
  });
  if (mail.isSuccess) {
    return (
      <CodeForm
        email={email}
        error={enter.error}
        isSending={enter.isPending || enter.isSuccess}
        onCode={(code) => enter.mutate(code)}
        onBack={() => {
          mail.reset();
          enter.reset();
        }}
      />
    );
  }
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    mail.mutate(email.trim());
  };
  return (
    <>
      <p>{intro}</p>
      <EmailForm
        email={email}
        error={mail.error}
        isSending={mail.isPending}
        onEmail={setEmail}
        onSubmit={send}
      />
    </>
  );
}
