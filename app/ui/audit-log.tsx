import type { AuditAct } from '#db/schema';
import { useTranslate } from './translate';

export interface LogLine {
  id: string;
  by: string;
  act: AuditAct;
  ref: string | null;
  at: string;
}

/** What conduct contacts have read and done: who and what, never a word of a message. */
export function AuditLog({ log }: { log: LogLine[] }) {
  const t = useTranslate();
  return (
    <section>
      <h2>{t('conduct.log')}</h2>
      <p>{t(log.length === 0 ? 'conduct.logEmpty' : 'conduct.logLead')}</p>
      <ul className="lines">
        {log.map((line) => (
          <li key={line.id}>
            <bdi>{line.by}</bdi> {t(`conduct.did.${line.act}`)}{' '}
            <span className="meta">
              {line.ref && <span className="ref">{line.ref}</span>} {line.at}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
