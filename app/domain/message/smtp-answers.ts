/** What becomes of a mail, as SMTP says it (RFC 5321, 4.2; RFC 3463). The text is fixed: it never quotes the mail. */
export interface SmtpAnswer {
  code: 250 | 421 | 450 | 451 | 452 | 550 | 552 | 554;
  text: string;
}

export const TAKEN: SmtpAnswer = { code: 250, text: '2.0.0 Taken' };

/** For now: the sending server keeps the mail and comes again. */
export const AGAIN: SmtpAnswer = { code: 451, text: '4.3.0 Not now; please try again' };
export const LATER: SmtpAnswer = { code: 450, text: '4.7.1 Too many messages; please try again later' };
export const TOO_MANY_CONNECTIONS: SmtpAnswer = { code: 421, text: '4.7.0 Too many connections; please try again' };
export const TOO_MANY_RECIPIENTS: SmtpAnswer = { code: 452, text: '4.5.3 Too many recipients' };

/** Of mails with large files some are read at a time. */
export const TOO_MANY_LARGE: SmtpAnswer = { code: 452, text: '4.3.1 Busy with large messages; please try again' };

/** For ever: the sending server tells the sender. */
export const NO_SUCH: SmtpAnswer = { code: 550, text: '5.1.1 No such address here' };
export const EXPIRED: SmtpAnswer = {
  code: 550,
  text: '5.1.6 This address is no longer in use; please answer on the portal',
};
export const NO_SENDER: SmtpAnswer = {
  code: 550,
  text: '5.7.1 A message has exactly one sender in its From header',
};
export const CLOSED: SmtpAnswer = {
  code: 550,
  text: '5.7.1 This conversation takes no more messages; the portal says why',
};
export const TOO_BIG: SmtpAnswer = { code: 552, text: '5.3.4 The message is larger than 36 MB' };
export const SIGNED: SmtpAnswer = {
  code: 554,
  text: '5.6.1 Signed and encrypted messages cannot be passed on; please send plain text, or answer on the portal',
};
export const TOO_COMPLEX: SmtpAnswer = { code: 554, text: '5.6.0 The message has too many parts, lines or headers' };
export const UNREADABLE: SmtpAnswer = { code: 554, text: '5.6.0 The message cannot be read' };
