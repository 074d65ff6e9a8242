import { useEffect, useState } from 'react';
import { readersTime } from '~/client/readers-time';
import { SEPARATOR } from '~/domain/zoned-time';
import { useTranslate } from './translate';

const INSTANT = new RegExp(
  `${SEPARATOR}(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ)${SEPARATOR}([\\w/+-]{1,64})${SEPARATOR}([^${SEPARATOR}]{1,100})${SEPARATOR}`,
);

/** A sentence, with each instant in it (app/domain/zoned-time.ts, `timed`) as the `<time>` that it is. */
export function Timed({ children }: { children: string }) {
  // What stands between, then instant, zone and text, again and again.
  const parts = children.split(INSTANT);
  return (
    <>
      {parts.map((part, index) => {
        if (index % 4 === 0) return part;
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence keep their places
        return index % 4 === 1 && <Time key={index} instant={part} zone={parts[index + 1]!} text={parts[index + 2]!} />;
      })}
    </>
  );
}

/** The same for where no element can stand. */
export function plainTime(sentence: string): string {
  return sentence
    .split(INSTANT)
    .filter((_, index) => index % 4 === 0 || index % 4 === 3)
    .join('');
}

/** In its own zone, and beside it the reader's time once the browser has said which that is. */
function Time({ instant, zone, text }: { instant: string; zone: string; text: string }) {
  const t = useTranslate();
  const [own, setOwn] = useState<string | null>(null);
  useEffect(() => setOwn(readersTime(instant, zone)), [instant, zone]);
  return (
    <time dateTime={instant} data-zone={zone}>
      {text}
      {own && ` · ${t('layout.yourTime', { time: own })}`}
    </time>
  );
}
