import { Timed } from './timed';
import { useTranslate } from './translate';

/** The decision on a submission, as its authors read it: the outcome, when, and the organisers' words. */
export function DecisionTold({
  decision,
}: {
  decision: { outcome: 'accepted' | 'rejected'; note: string; decidedAt: string };
}) {
  const t = useTranslate();
  return (
    <section id="decision" className="panel" aria-labelledby="decision-title">
      <h2 id="decision-title">{t('submission.decision')}</h2>
      <p>
        <Timed>{t(`submission.decision.${decision.outcome}`, { at: decision.decidedAt })}</Timed>
      </p>
      {decision.note && (
        <>
          <h3>{t('submission.decision.words')}</h3>
          <div className="letter" dir="auto">
            {decision.note}
          </div>
        </>
      )}
    </section>
  );
}
