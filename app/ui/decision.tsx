import type { DecisionState, Outcome } from '#db/schema';
import { carrying } from '~/paths';
import { Timed } from './timed';
import { useTranslate } from './translate';

export interface ShownDecision {
  id: string;
  outcome: Outcome;
  note: string;
  state: DecisionState;
  by: string;
  at: string;
  changed: boolean;
}

interface Props {
  here: string;
  /** The query of the list that one came from. */
  list: string;
  decisions: ShownDecision[] | null;
  pending: string | null;
  holds: string | null;
  /** How many have had mail about a decision on the paper. */
  heard: number;
  told: { sent: number; underway: number; waiting: number; failed: number } | null;
  published: boolean;
  may: { accept: boolean; reject: boolean; publish: boolean; reopen: boolean };
}

/** What is decided about a paper, by whom, who has been told of it, and what can be done about it now. */
export function DecisionDesk({ here, list, decisions, pending, holds, told, heard, published, may }: Props) {
  const t = useTranslate();
  const waits = decisions?.find((decision) => decision.id === pending);
  const inForce = decisions?.find((decision) => decision.id === holds);
  const earlier = decisions?.filter((decision) => decision.state === 'superseded') ?? [];
  const anything = may.accept || may.reject || may.publish || may.reopen;
  if (!anything && !waits && !inForce && earlier.length === 0) return null;
  return (
    <section className="panel" id="decision">
      <h2>{t('decide.title')}</h2>
      {inForce && (
        <>
          <Decision decision={inForce} />
          {told && <p>{toldSentence(t, told)}</p>}
        </>
      )}
      {waits && (
        <div className="notice">
          <p>{t('decide.pendingLead')}</p>
          <Decision decision={waits} />
          {waits.changed && <p className="error">{t('decide.changedSince')}</p>}
          <form method="post" className="actions">
            <input type="hidden" name="decision" value={waits.id} />
            {(waits.outcome === 'accepted' ? may.accept : may.reject) && (
              <button type="submit" name="intent" value="apply-decision">
                {t('decide.apply')}
              </button>
            )}
            <button type="submit" name="intent" value="discard-decision" className="secondary">
              {t('decide.discard')}
            </button>
          </form>
        </div>
      )}
      <div className="actions">
        {may.accept && (
          <a className="button" href={carrying(`${here}/decide?outcome=accepted`, list)}>
            {t('decide.accept')}
          </a>
        )}
        {may.reject && (
          <a className="button secondary" href={carrying(`${here}/decide?outcome=rejected`, list)}>
            {t('decide.reject')}
          </a>
        )}
        {may.publish && (
          <form method="post">
            <button
              type="submit"
              id="publish"
              name="intent"
              value={published ? 'unpublish' : 'publish'}
              className={published ? 'secondary' : undefined}
            >
              {t(published ? 'decide.unpublish' : 'decide.publish')}
            </button>
          </form>
        )}
      </div>
      {may.reopen && inForce && (
        <details className="danger">
          <summary>{t('decide.takeBack')}</summary>
          <form method="post">
            <p>{t('decide.takeBackLead', { told: heard })}</p>
            {published && <p>{t('decide.leavesProgramme')}</p>}
            <input type="hidden" name="decision" value={inForce.id} />
            <button type="submit" name="intent" value="take-back" className="warn">
              {t('decide.takeBack')}
            </button>
          </form>
        </details>
      )}
      {earlier.length > 0 && (
        <details>
          <summary>{t('decide.history', { count: earlier.length })}</summary>
          <ul className="lines">
            {earlier.map((decision) => (
              <li key={decision.id}>
                <Decision decision={decision} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** An outcome with who decided it, when, and in which words. */
export function Decision({ decision }: { decision: Omit<ShownDecision, 'id' | 'state' | 'changed'> }) {
  const t = useTranslate();
  return (
    <>
      <p>
        <strong>{t(`state.${decision.outcome}`)}</strong>{' '}
        <span className="meta">
          <bdi>{decision.by}</bdi> · <Timed>{decision.at}</Timed>
        </span>
      </p>
      {decision.note && (
        <div className="letter" dir="auto">
          {decision.note}
        </div>
      )}
    </>
  );
}

function toldSentence(t: ReturnType<typeof useTranslate>, told: NonNullable<Props['told']>): string {
  const parts = (['sent', 'underway', 'waiting', 'failed'] as const)
    .filter((state) => told[state] > 0)
    .map((state) => t(`decide.told.${state}`, { count: told[state] }));
  return parts.length > 0 ? t('decide.told', { parts: parts.join(', ') }) : t('decide.toldNobody');
}
