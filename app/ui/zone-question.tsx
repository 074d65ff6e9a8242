import { type AnyField, FieldErrors, RequiredMark } from './fields';
import { useTranslate } from './translate';

export interface ZoneQuestionProps {
  from: { name: string; label: string };
  to: { name: string; label: string };
  lines: { what: string; onTheClock: string; difference: string; later: boolean; atTheMoment: string }[];
}

/** What becomes of the deadlines of a conference whose time zone changes, both ways spelt out. */
export function ZoneQuestion({ field, question }: { field: AnyField; question: ZoneQuestionProps }) {
  const t = useTranslate();
  const { from, to, lines } = question;
  const answers = [
    {
      zone: from.name,
      label: t('organise.zoneMoment'),
      lines: lines.map(({ what, atTheMoment }) => t('organise.zoneMomentLine', { what, at: atTheMoment })),
    },
    {
      zone: to.name,
      label: t('organise.zoneClock'),
      lines: lines.map(({ what, onTheClock, difference, later }) =>
        t(later ? 'organise.zoneLaterLine' : 'organise.zoneEarlierLine', {
          what,
          at: onTheClock,
          difference,
          from: from.label,
        }),
      ),
    },
  ];
  return (
    <fieldset className="field wrong" id={field.id} tabIndex={-1} aria-describedby={`${field.id}-errors`}>
      <legend>
        {t('organise.zoneQuestion', { from: from.label, to: to.label })}
        <RequiredMark />
      </legend>
      {answers.map(({ zone, label, lines }) => (
        <div className="check" key={zone}>
          <input
            type="radio"
            id={`${field.id}-${zone}`}
            name={field.name}
            value={zone}
            aria-describedby={`${field.id}-${zone}-what`}
            defaultChecked={field.initialValue === zone}
          />
          <div>
            <label htmlFor={`${field.id}-${zone}`}>{label}</label>
            <p className="hint" id={`${field.id}-${zone}-what`}>
              {lines.map((line) => (
                <span className="line" key={line}>
                  {line}
                </span>
              ))}
            </p>
          </div>
        </div>
      ))}
      <FieldErrors field={field} />
    </fieldset>
  );
}
