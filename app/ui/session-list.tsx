import { plainTime, Timed } from './timed';
import { useTranslate } from './translate';

interface Session {
  id: string;
  browser: string;
  here: boolean;
  since: string;
  seen: string | null;
}

/** Where somebody is signed in, each to be ended. */
export function SessionList({ sessions }: { sessions: Session[] }) {
  const t = useTranslate();
  return (
    <section>
      <h2 id="sessions" tabIndex={-1}>
        {t('account.sessionsTitle')}
      </h2>
      <p>{t('account.sessionsLead')}</p>
      <ul className="lines">
        {sessions.map(({ id, browser, here, since, seen }) => {
          const name = browser || t('session.unknown');
          return (
            <li key={id} className="row">
              <span>
                {name} {here && <span className="tag">{t('session.here')}</span>}
                <span className="meta">
                  {' '}
                  <Timed>{t('session.since', { at: since })}</Timed>
                  {seen && (
                    <>
                      {' · '}
                      <Timed>{t('session.seen', { at: seen })}</Timed>
                    </>
                  )}
                </span>
              </span>
              {!here && (
                <form method="post">
                  <input type="hidden" name="session" value={id} />
                  <button
                    type="submit"
                    name="intent"
                    value="end-session"
                    className="plain"
                    aria-label={plainTime(t('session.endLabel', { browser: name, at: since }))}
                  >
                    {t('session.end')}
                  </button>
                </form>
              )}
            </li>
          );
        })}
      </ul>
      <div className="actions">
        {sessions.length > 1 && (
          <form method="post">
            <button type="submit" className="secondary" name="intent" value="end-others">
              {t('session.endOthers')}
            </button>
          </form>
        )}
        <form method="post" action="/sign-out">
          <button type="submit" className="secondary" name="everywhere" value="1">
            {t('account.signOutEverywhere')}
          </button>
        </form>
      </div>
    </section>
  );
}
