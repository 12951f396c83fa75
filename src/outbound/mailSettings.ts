/** Where mail is handed over, and who it is from. */
export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password if the server wants them. */
  readonly smtpUrl: string;
  /** `Name <address>` or an address. */
  readonly from: string;
}

/**
 * WARROOM_SMTP_URL and WARROOM_MAIL_FROM; null when there is no mail server.
 * @throws Error naming the one that cannot be used; it quotes no secret.
 */
export function readMailSettings(smtpUrl: string | null, from: string | null): MailSettings | null {
  if (smtpUrl === null) return null;
  const url = URL.canParse(smtpUrl) ? new URL(smtpUrl) : null;
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    throw new Error('WARROOM_SMTP_URL must look like smtp://user:password@mail.example.com:587.');
  if (from === null || !/^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(from))
    throw new Error(
      'WARROOM_MAIL_FROM must be an address, or a name and <an address>, when WARROOM_SMTP_URL is set.',
    );
  return { smtpUrl, from };
}
