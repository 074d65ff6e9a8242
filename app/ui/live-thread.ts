import { useRevalidator } from '@remix-run/react';
import { useEffect, useState } from 'react';

/** Reads the page's data again whenever its thread has something new. `full`: no more pages of this person are told. */
export function useNews(url: string): { full: boolean } {
  const { revalidate } = useRevalidator();
  const [full, setFull] = useState(false);
  useEffect(() => {
    const source = new EventSource(url);
    source.onmessage = ({ data }) => {
      setFull(data === 'full');
      if (data === 'full') source.close();
      else revalidate();
    };
    return () => source.close();
  }, [url, revalidate]);
  return { full };
}
