import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import type { Challenge } from 'altcha-lib/types';
import { type FormEvent, useEffect, useRef, useState } from 'react';

/**
 * Does the work that a form asks of those who are not signed in, while they write, and holds the form back for as long
 * as it is not done. Where the browser cannot (no script, no secure context) the form goes without.
 */
export function useProofOfWork(challenge: Challenge | null): {
  field: { type: 'hidden'; name: 'proof'; value: string };
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
} {
  const [proof, setProof] = useState('');
  const waiting = useRef<HTMLFormElement | null>(null);
  const possible = challenge !== null && globalThis.crypto?.subtle !== undefined;

  useEffect(() => {
    if (!challenge || !globalThis.crypto?.subtle) return;
    const controller = new AbortController();
    solveChallenge({ challenge, controller, deriveKey }).then((solution) => {
      if (solution) setProof(JSON.stringify({ challenge, solution }));
    });
    return () => controller.abort();
  }, [challenge]);

  useEffect(() => {
    if (proof && waiting.current) waiting.current.requestSubmit();
  }, [proof]);

  return {
    field: { type: 'hidden', name: 'proof', value: proof },
    onSubmit(event) {
      if (proof || !possible) return;
      event.preventDefault();
      waiting.current = event.currentTarget;
    },
  };
}
