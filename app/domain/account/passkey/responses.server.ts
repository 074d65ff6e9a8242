import { z } from 'zod';

/** RFC 4648, 5, without padding. */
const base64url = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[\w-]+$/);
/** WebAuthn Level 3, 4: a credential's id is at most 1023 bytes. */
const credentialId = base64url(1_364);
/** What a browser says of the ceremony beside it, which decides nothing. */
const aside = {
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional().catch(undefined),
  clientExtensionResults: z.object({}).catch({}),
};
const credential = { id: credentialId, rawId: credentialId, type: z.literal('public-key'), ...aside };

/** PublicKeyCredential.toJSON() of a new passkey (WebAuthn Level 3, 5.1). */
const newCredentialSchema = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(4_000),
    attestationObject: base64url(16_000),
    transports: z.array(z.string().max(20)).max(10).optional().catch(undefined),
  }),
});

/** The same of one that signs in. */
const assertionSchema = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(4_000),
    authenticatorData: base64url(4_000),
    signature: base64url(2_000),
    userHandle: base64url(200).optional(),
  }),
});

export type NewCredential = z.infer<typeof newCredentialSchema>;
export type Assertion = z.infer<typeof assertionSchema>;

export function parseNewCredential(text: string): NewCredential | null {
  return newCredentialSchema.safeParse(jsonOf(text)).data ?? null;
}

export function parseAssertion(text: string): Assertion | null {
  return assertionSchema.safeParse(jsonOf(text)).data ?? null;
}

/** The challenge that a response says it answers; empty where it says none. */
export function challengeOf({ response }: NewCredential | Assertion): string {
  const said = clientDataSchema.safeParse(jsonOf(Buffer.from(response.clientDataJSON, 'base64url').toString('utf8')));
  return said.data?.challenge ?? '';
}

const clientDataSchema = z.object({ challenge: base64url(200) });

const MAX_TEXT = 32_000;

function jsonOf(text: string): unknown {
  try {
    return text.length <= MAX_TEXT ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
