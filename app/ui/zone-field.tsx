import { useRouteLoaderData } from '@remix-run/react';
import type { Region, TimeZone, ZoneGroup } from '~/domain/time-zones.server';
import { type AnyField, Select } from './fields';
import { useTranslate } from './translate';

export interface ZoneChoices {
  groups: ZoneGroup[];
  /** Offered before all others. */
  likely: TimeZone[];
}

/** A time zone, chosen by its city. What is stored stays to be chosen, also where the list has it no more. */
export function ZoneField({
  field,
  label,
  hint,
  zones,
  optional,
  guess = false,
}: {
  field: AnyField;
  label: string;
  hint?: string;
  zones: ZoneChoices;
  optional?: boolean;
  /** Lets the browser choose its own zone where none is chosen yet. */
  guess?: boolean;
}) {
  const t = useTranslate();
  const chosen = typeof field.initialValue === 'string' ? field.initialValue : '';
  const listed = [...zones.likely, ...zones.groups.flatMap((group) => group.zones)];
  const option = (zone: TimeZone) => ({
    value: zone.name,
    label: zoneLabel(zone),
    ...(zone.also && { also: zone.also }),
  });
  const likely = zones.likely.map(option);
  // Not a zone at all: it is told beside the field, and stands as it was sent.
  if (chosen && !listed.some(({ name }) => name === chosen)) likely.unshift({ value: chosen, label: chosen });
  const regions: Record<Region, string> = {
    Africa: t('zone.Africa'),
    America: t('zone.America'),
    Antarctica: t('zone.Antarctica'),
    Arctic: t('zone.Arctic'),
    Asia: t('zone.Asia'),
    Atlantic: t('zone.Atlantic'),
    Australia: t('zone.Australia'),
    Europe: t('zone.Europe'),
    Indian: t('zone.Indian'),
    Pacific: t('zone.Pacific'),
    UTC: t('zone.other'),
  };
  return (
    <>
      <Select
        field={field}
        label={label}
        hint={hint}
        optional={optional}
        options={[
          { value: '', label: t('form.choose') },
          ...(likely.length > 0 ? [{ group: t('form.likely'), options: likely }] : []),
          ...zones.groups.map((group) => ({
            group: regions[group.region],
            options: group.zones.filter(({ name }) => !zones.likely.some((one) => one.name === name)).map(option),
          })),
        ]}
      />
      {guess && <GuessZone id={field.id} />}
    </>
  );
}

/** `Almaty (UTC+05:00)` */
export function zoneLabel(zone: TimeZone): string {
  return zone.name === 'UTC' ? 'UTC' : `${zone.city} (UTC${zone.offset})`;
}

/** The one thing that a script does on such a page. */
function GuessZone({ id }: { id: string }) {
  const nonce = useRouteLoaderData<{ nonce: string }>('root')?.nonce;
  const script = `(() => {
    const select = document.getElementById(${JSON.stringify(id)});
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || select.value) return;
    const own = [...select.options].find((one) => one.value === zone || one.dataset.also === zone);
    if (own) own.selected = true;
  })()`;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: nothing in it comes from anybody
  return <script nonce={nonce} dangerouslySetInnerHTML={{ __html: script }} />;
}
