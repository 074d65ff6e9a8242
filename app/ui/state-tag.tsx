import type { SubmissionState } from '#db/schema';
import { useTranslate } from './translate';

export function StateTag({ state, published }: { state: SubmissionState; published: boolean }) {
  const t = useTranslate();
  return <span className={`tag state-${state}`}>{published ? t('state.published') : t(`state.${state}`)}</span>;
}
