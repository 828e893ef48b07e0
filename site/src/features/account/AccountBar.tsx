import { QueryClientProvider, useMutation, useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { locale, m } from "#strings";
import { queryClient } from "../../data/query-client.ts";
import { useAccount, useCredits } from "../../data/use-account.ts";
import { pageIn } from "../../i18n/locales.ts";
import { BalanceMenu } from "./BalanceMenu.tsx";
import { Menu } from "./Menu.tsx";
import { signOut } from "./session.ts";

/** The instruments of the bar: what is left, and whose it is. */
export function AccountBar() {
  return (
    <QueryClientProvider client={queryClient}>
      <Instruments />
    </QueryClientProvider>
  );
}

function Instruments() {
  const account = useAccount();
  const credits = useCredits(account.is === "signed-in");
  if (account.is === "unknown") return <span className="bar-wait" aria-hidden="true" />;
  if (account.is !== "signed-in") {
    return (
      <a className="button" href={pageIn(locale(), "sign-in")}>
        {m.sign_in()}
      </a>
    );
  }
  return (
    <>
      {credits && <BalanceMenu balance={credits} />}
      <AccountMenu email={account.session.user.email} />
    </>
  );
}

function AccountMenu({ email }: { email: string }) {
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queries.clear();
      location.assign(pageIn(locale(), ""));
    },
  });
  return (
    <Menu
      label={m.account_of({ email })}
      shown={<span className="initial">{email.slice(0, 1).toUpperCase()}</span>}
    >
      <p className="menu-text" dir="ltr">
        {email}
      </p>
      <button type="button" className="menu-item" disabled={leave.isPending} onClick={() => leave.mutate()}>
        <LogOut size={16} aria-hidden="true" />
        {m.sign_out()}
      </button>
    </Menu>
  );
}
