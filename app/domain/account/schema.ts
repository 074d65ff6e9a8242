import { z } from 'zod';
import { showsAddress } from '../mail/gate';
import { cleanName } from '../text';
import { looksLikeLink } from './looks-like-link';

const ATEXT = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 5321, 4.5.3.1.3: a path of 256 with its angle brackets. */
const LONGEST = 254;

/**
 * One plain address (RFC 5321 Mailbox with a dot-string, no quoting, no comment), its domain in ASCII (RFC 5891).
 * What an address parser might read in two ways is refused rather than read.
 */
export function parseAddress(typed: string): string | null {
  const text = typed.trim();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  if (at < 1 || local.length > 64 || !ATEXT.test(local)) return null;
  const host = asciiHost(text.slice(at + 1));
  if (!host || !HOST.test(host)) return null;
  const address = `${local}@${host}`;
  return address.length <= LONGEST ? address : null;
}

/** The form in which two addresses are compared: nobody's server tells A@x from a@x. */
export function addressKey(address: string): string {
  return address.toLowerCase();
}

/**
 * The person behind an address, as far as it tells: what follows a plus sign is a note of its owner's, and some servers
 * do not heed dots either. For limits and blocks only.
 */
export function personKey(address: string): string {
  const [local = '', host = ''] = withoutNote(address).split('@');
  return `${local.replaceAll('.', '')}@${host}`;
}

/** The address as it is compared, without the note behind a plus sign. */
export function withoutNote(address: string): string {
  return addressKey(address).replace(/\+[^@]*@/, '@');
}

export const addressSchema = z
  .string()
  .max(320)
  .transform((typed, ctx) => {
    const address = parseAddress(typed);
    if (address) return address;
    ctx.addIssue({ code: 'custom', params: { key: 'error.address' } });
    return z.NEVER;
  });

/** A name as people see it: never something that a mail program would make a link or an address of. */
export const personNameSchema = z
  .string()
  .transform(cleanName)
  .pipe(
    z
      .string()
      .min(1)
      .max(120, { abort: true })
      .refine((name) => !looksLikeLink(name), { params: { key: 'error.nameLink' } }),
  );

/** What everybody is shown holds nobody's address; `@` by itself may stand in an affiliation. */
export function holdsNoAddress(text: string): boolean {
  return !showsAddress(text);
}

export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 200;

/** NIST SP 800-63B-4, 3.1.1.2: length is what counts, in characters as people see them; anything may stand in it. */
export const passwordSchema = z
  .string()
  .max(MAX_PASSWORD)
  .superRefine((password, ctx) => {
    if ([...password].length < MIN_PASSWORD)
      ctx.addIssue({ code: 'custom', params: { key: 'error.tooShort', least: MIN_PASSWORD } });
  });

export const signInSchema = z.object({ address: addressSchema, password: z.string().max(MAX_PASSWORD).optional() });
export const addAddressSchema = z.object({ address: addressSchema });
export const nameSchema = z.object({ name: personNameSchema });
export const invitationSchema = z.object({
  name: personNameSchema,
  address: addressSchema,
  role: z.enum(['reviewer', 'organiser', 'conduct']),
});
export const newPasswordSchema = z.object({
  password: passwordSchema,
  currentPassword: z.string().max(MAX_PASSWORD).optional(),
});
export const currentPasswordSchema = z.object({ currentPassword: z.string().max(MAX_PASSWORD).optional() });

function asciiHost(host: string): string | null {
  // The URL parser would read these as a port, a path or user information.
  if (/[\s\p{Cc}:/?#@\\[\]%]/u.test(host)) return null;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
}
