// The one door to e-mail: plain text over SMTP, to people of the operator.
import nodemailer from 'nodemailer';

export interface Mail { readonly to: string; readonly subject: string; readonly text: string }
export interface Mailer {
  /** Resolves when the server took it; rejects otherwise, within half a minute. A mail may arrive twice, never silently not at all. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

const PATIENCE_MS = 10_000;

/** A mailer for an `smtp:` or `smtps:` URL, user and password in it. Connects at the first mail. With `smtp:` it goes over to TLS where the server offers it. */
export function createMailer(options: { readonly url: string; readonly from: string }): Mailer {
  const transport = nodemailer.createTransport(options.url, { from: options.from, disableFileAccess: true, disableUrlAccess: true, connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS } as object);
  return {
    send: async ({ to, subject, text }) => {
      const sent = await transport.sendMail({ to, subject, text, headers: { 'Auto-Submitted': 'auto-generated' } });
      if (sent.rejected.length > 0) throw new Error(`the mail server refused ${sent.rejected.length} of the recipients`);
    },
    close: () => { transport.close(); },
  };
}
