import { parse } from '@conform-to/dom';
import { useEffect } from 'react';

/**
 * Lets the script that keeps forms (app/client/keeper.ts) give a list its rows back: it can fill in fields that are
 * there, and only React can make more of them.
 */
export function useKeptRows<Value>(formId: string, update: (to: { value: Value }) => void): void {
  useEffect(() => {
    const form = document.getElementById(formId);
    const restore = ({ detail }: Event & { detail?: [string, string][] }) => {
      const data = new FormData();
      for (const [name, value] of detail ?? []) data.append(name, value);
      update({ value: parse(data, { resolve: () => ({ value: null }) }).payload as Value });
    };
    form?.addEventListener('kept:rows', restore);
    return () => form?.removeEventListener('kept:rows', restore);
  });
}
