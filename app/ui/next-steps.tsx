import type { Step } from '~/domain/submission/standing';
import { useTranslate } from './translate';

/** Links to what one can do next about a submission, as far as that has a place of its own. */
export function NextSteps({ slug, reference, steps }: { slug: string; reference: string; steps: readonly Step[] }) {
  const t = useTranslate();
  const ref = encodeURIComponent(reference);
  const page = `/${slug}/submissions/${ref}`;
  const links = {
    edit: [`${page}#edit`, t('submission.edit')],
    'see-paper': [`/${slug}/papers/${ref}`, t('submission.published')],
    'read-decision': [`${page}#decision`, t('submission.decision.read')],
    reinstate: [`${page}#reinstate`, t('submission.reinstate')],
  } as const;
  const linked = steps.filter((step): step is keyof typeof links => step in links);
  if (linked.length === 0) return null;
  return (
    <span className="steps on-screen">
      {linked.map((step) => (
        <a key={step} href={links[step][0]}>
          {links[step][1]}
        </a>
      ))}
    </span>
  );
}
