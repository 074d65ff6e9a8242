/** What a mail says of itself that tells whether a person wrote it. */
export interface Marks {
  /** The envelope sender; empty for reports and automatic mail. */
  returnPath: string;
  type: string;
  subject: string;
  header(name: string): string[];
}

/** Out-of-office notes of programs that do not mark them, by their subject. Not sure enough to drop: they are held. */
const AWAY =
  /^\s*(auto(matic|matische|matisk|m[aá]tica)?[\s-]*(reply|response|antwort|svar|respuesta|r[eé]ponse)|r[eé]ponse automatique|respuesta autom[aá]tica|risposta automatica|resposta autom[aá]tica|out of (the )?office|abwesenheit|abwesend|absence|absent du bureau|fuera de (la )?oficina|fuori (sede|ufficio)|afwezig|fr[aå]nv|poissa|nieobecno|автоответ|автоматичес|нет на месте|自動応答|自動返信|不在|自动回复|自動回覆|부재중|自動返事|otomatik|رد تلقائي|پاسخ خودکار)/iu;

/**
 * `report`: a delivery or read report (RFC 3464, RFC 8098). `automatic`: written by a program (RFC 3834).
 * `perhaps`: looks so, but a person may have written it. `person`: anything else.
 */
export function nature(mail: Marks): 'report' | 'automatic' | 'perhaps' | 'person' {
  if (mail.type === 'multipart/report') return 'report';
  const auto = mail.header('auto-submitted')[0]?.split(';')[0]?.trim().toLowerCase();
  if (auto && auto !== 'no') return 'automatic';
  if (mail.header('precedence').some((value) => /^\s*(bulk|junk|list|auto_reply)\b/i.test(value))) return 'automatic';
  if (mail.header('x-autoreply').length + mail.header('x-autorespond').length + mail.header('list-id').length > 0)
    return 'automatic';
  if (mail.returnPath === '' || /^(mailer-daemon|postmaster)@/i.test(mail.returnPath)) return 'automatic';
  return AWAY.test(mail.subject) ? 'perhaps' : 'person';
}
