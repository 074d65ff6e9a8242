import { carrying } from '~/paths';
import { plainTime, Timed } from './timed';
import { useTranslate } from './translate';

export interface PersonInThread {
  id: string;
  name: string;
  own: boolean;
  state: 'reads' | 'asked' | 'waiting' | 'left';
  blocked: boolean;
}

/** Everyone who can read what is written here, by name; addresses are nobody's to see. */
export function WhoReads({ people }: { people: PersonInThread[] }) {
  const t = useTranslate();
  return (
    <div className="who">
      <h2 className="label" id="who">
        {t('thread.whoReads')}
      </h2>
      <ul aria-labelledby="who">
        {people.map((person) => (
          <li key={person.id}>
            <bdi>{person.own ? t('thread.youNamed', { name: person.name }) : person.name}</bdi>
            {person.state !== 'reads' && ' '}
            {person.state !== 'reads' && <span className="tag">{t(`thread.person.${person.state}`)}</span>}
            {person.blocked && ' '}
            {person.blocked && <span className="tag">{t('thread.person.blocked')}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

export interface ShownMessage {
  id: string;
  writer: string;
  own: boolean;
  body: string;
  leftOut: string;
  at: string;
  deliveries: { name: string; state: 'queued' | 'handed' | 'failed' | 'asked' | 'waiting' }[];
}

/** Where one stands after sending: the newest message of one's own. */
export const SENT = 'sent';
/** The field for an answer. */
export const ANSWER = 'answer-body';

/** What people have written whom one has blocked: kept as evidence, and out of sight until it is unfolded. */
export function Folded({ messages, here, list }: { messages: ShownMessage[]; here: string; list: string }) {
  const t = useTranslate();
  return (
    <details className="rules">
      <summary>{t('thread.folded', { count: messages.length })}</summary>
      <p className="hint">{t('thread.foldedLead')}</p>
      <Conversation messages={messages} here={here} list={list} />
    </details>
  );
}

/** `here`: the thread's address; `list`: what it carries of the list that one came from. */
export function Conversation({ messages, here, list }: { messages: ShownMessage[]; here: string; list: string }) {
  const t = useTranslate();
  const sent = messages.findLast((message) => message.own)?.id;
  return (
    <ol className="thread" aria-live="polite">
      {messages.map((message) => (
        <li key={message.id} id={message.id} tabIndex={-1} className={message.own ? 'own' : undefined}>
          <p className="meta" {...(message.id === sent && { id: SENT, tabIndex: -1 })}>
            <bdi className="name">{message.own ? t('thread.you') : message.writer}</bdi> · <Timed>{message.at}</Timed>
            {!message.own && (
              <>
                {' · '}
                <a
                  href={carrying(`${here}/report/${message.id}`, list)}
                  aria-label={t('thread.reportLabel', { at: plainTime(message.at) })}
                >
                  {t('thread.report')}
                </a>
              </>
            )}
          </p>
          <div className="letter" dir="auto">
            {message.body}
          </div>
          {message.leftOut && (
            <details className="hint">
              <summary>{t('thread.leftOut')}</summary>
              <div className="letter" dir="auto">
                {message.leftOut}
              </div>
            </details>
          )}
          {message.deliveries.map((delivery, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two participants may share a name
            <p key={index} className={`delivery ${delivery.state}`}>
              <bdi>{delivery.name}</bdi>: {t(`thread.${delivery.state}`, { name: delivery.name })}
            </p>
          ))}
        </li>
      ))}
    </ol>
  );
}
