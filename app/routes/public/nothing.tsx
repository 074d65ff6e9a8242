import { notFound } from '~/auth/gate.server';

/** Whatever no other route answers. */
export function loader() {
  throw notFound();
}

export default function Nothing() {
  return null;
}
