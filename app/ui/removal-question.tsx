import type { Role } from '#db/schema';
import { useTranslate } from './translate';

/** Asked before somebody loses a role: who it is, and what follows. */
export function RemovalQuestion({
  member,
  judged,
  next,
  back,
}: {
  member: { key: string; name: string; role: Role; self: boolean };
  judged: { reviews: number; decisions: number };
  /** Where the list goes on once the line is gone. */
  next: string;
  back: string;
}) {
  const t = useTranslate();
  const { key, role, self } = member;
  const name = member.name || t('people.unnamed');
  const values = { name, role: t(`role.${role}`) };
  return (
    // biome-ignore lint/a11y/noAutofocus: it is what a person who pressed the button needs to read next
    <div className="summary question" role="alert" tabIndex={-1} autoFocus>
      <h2>{t(self ? 'people.removeSelf' : 'people.remove', values)}</h2>
      {role === 'reviewer' && (
        <p>{t(self ? 'people.selfReviewerFollows' : 'people.reviewerFollows', { count: judged.reviews })}</p>
      )}
      {role === 'organiser' && <p>{t('people.organiserFollows', { count: judged.decisions })}</p>}
      {role === 'conduct' && <p>{t(self ? 'people.selfConductFollows' : 'people.conductFollows')}</p>}
      <p>{t(self ? 'people.selfUndo' : 'people.removeUndo')}</p>
      <form method="post" className="row">
        <input type="hidden" name="member" value={key} />
        <input type="hidden" name="next" value={next} />
        <button type="submit" name="intent" value="remove-now" className="warn">
          {t('people.removeLabel', values)}
        </button>
        <a className="button secondary" href={back}>
          {t('choice.keep')}
        </a>
      </form>
    </div>
  );
}
