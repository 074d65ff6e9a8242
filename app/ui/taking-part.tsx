import type { PersonInThread } from './conversation';
import { useTranslate } from './translate';

/** Whether to hear from somebody who has written for the first time. */
export function Decide({ action, writer, declined }: { action: string; writer: string; declined: boolean }) {
  const t = useTranslate();
  return (
    <form method="post" action={action} className="panel">
      <p>{t(declined ? 'thread.declined' : 'thread.decide', { name: writer })}</p>
      <div className="actions">
        <button type="submit" name="intent" value="yes" id="yes">
          {t('thread.yes')}
        </button>
        {!declined && (
          <button type="submit" name="intent" value="no" className="secondary">
            {t('thread.no')}
          </button>
        )}
      </div>
    </form>
  );
}

/** The rules at hand: what one can say about this thread and its people. */
export function TakingPart({
  action,
  open,
  own,
  people,
}: {
  action: string;
  /** Whether one comes back from here. */
  open: boolean;
  own: { role: 'author' | 'correspondent'; muted: boolean; left: boolean };
  people: PersonInThread[];
}) {
  const t = useTranslate();
  const { muted, left } = own;
  return (
    <details className="rules" open={open}>
      <summary>{t('thread.rules')}</summary>
      <ul className="lines">
        {!left && (
          <Rule
            id="mute"
            action={action}
            intent={muted ? 'unmute' : 'mute'}
            hint={t(muted ? 'thread.muted' : 'thread.muteHint')}
          >
            {t(muted ? 'thread.unmute' : 'thread.mute')}
          </Rule>
        )}
        <Rule
          id="leave"
          action={action}
          intent={left ? 'come-back' : 'leave'}
          hint={t(left ? 'letter.leftHint' : 'letter.leaveHint')}
        >
          {t(left ? 'thread.comeBack' : 'thread.leave')}
        </Rule>
        {people
          .filter((person) => !person.own)
          .map((person) => (
            <Rule
              key={person.id}
              id={person.id}
              action={action}
              intent={person.blocked ? 'unblock' : 'block'}
              person={person.id}
              hint={t(person.blocked ? 'thread.blockedHint' : 'letter.blockHint', { name: person.name })}
            >
              {t(person.blocked ? 'thread.unblock' : 'thread.block', { name: person.name })}
            </Rule>
          ))}
      </ul>
      <p>
        <a href="/account/letters">{t('thread.allRules')}</a>
      </p>
    </details>
  );
}

function Rule(props: { id: string; action: string; intent: string; person?: string; hint: string; children: string }) {
  return (
    <li>
      <form method="post" action={props.action} className="row">
        <span>{props.hint}</span>
        <input type="hidden" name="rules" value={props.id} />
        {props.person && <input type="hidden" name="person" value={props.person} />}
        <button type="submit" name="intent" value={props.intent} id={props.id} className="secondary">
          {props.children}
        </button>
      </form>
    </li>
  );
}
