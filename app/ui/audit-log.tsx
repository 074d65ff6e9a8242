import type { AuditAct } from '#db/schema';
import { NextPage } from './next-page';
import { Timed } from './timed';
import { useTranslate } from './translate';

export interface LogLine {
  id: string;
  by: string;
  act: AuditAct;
  ref: string | null;
  name: string | null;
  at: string;
}

/** What conduct contacts have read and done: who and what, never a word of a message. */
export function AuditLog({ log, next }: { log: LogLine[]; next: string | null }) {
  const t = useTranslate();
  return (
    <section>
      <h2>{t('conduct.log')}</h2>
      <p>{t(log.length === 0 ? 'conduct.logEmpty' : 'conduct.logLead')}</p>
      <ul className="lines">
        {log.map((line) => (
          <li key={line.id}>
            <bdi>{line.by}</bdi> {t(`conduct.did.${line.act}`, { name: line.name ?? '' })}{' '}
            <span className="meta">
              {line.ref && <span className="ref">{line.ref}</span>} <Timed>{line.at}</Timed>
            </span>
          </li>
        ))}
      </ul>
      <NextPage query={{ log: next }} />
    </section>
  );
}
