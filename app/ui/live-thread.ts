import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

/** Reads the page's data again whenever its thread has something new. */
export function useNews(url: string): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    const source = new EventSource(url);
    source.onmessage = () => revalidate();
    return () => source.close();
  }, [url, revalidate]);
}

/**
 * Keeps what is typed into a field in this browser until it is sent, so that closing the page loses nothing. What is
 * sent and comes back refused is kept again. Signing out clears it; of whoever has not signed in nothing is kept (null).
 */
export function useKeptDraft(fieldId: string, name: string | null): void {
  useEffect(() => {
    if (name === null) return;
    const field = document.getElementById(fieldId);
    if (!(field instanceof HTMLTextAreaElement)) return;
    const key = `draft:${name}`;
    if (!field.value) field.value = localStorage.getItem(key) ?? '';
    const keep = () => (field.value ? localStorage.setItem(key, field.value) : localStorage.removeItem(key));
    const forget = () => localStorage.removeItem(key);
    keep();
    field.addEventListener('input', keep);
    field.form?.addEventListener('submit', forget);
    return () => {
      field.removeEventListener('input', keep);
      field.form?.removeEventListener('submit', forget);
    };
  }, [fieldId, name]);
}
