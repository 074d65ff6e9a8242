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
