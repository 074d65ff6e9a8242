import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';

/** What an honest authenticator and its browser would not say. */
export interface Lie {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  /** Who holds it has shown neither finger nor PIN. */
  unverified?: boolean;
  counter?: number;
  userHandle?: string | null;
  /** Uses another key than the one that was registered. */
  key?: KeyObject;
  credentialId?: string;
  attestation?: Buffer;
}

/**
 * A passkey with the browser around it, made by hand to the letter of WebAuthn Level 3 (6.1, 6.5.1, 7): what it signs is
 * really signed (P-256), and it lies where it is told to.
 */
export class Authenticator {
  readonly #origin: string;
  readonly credentialId = randomBytes(32);
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #handle = '';
  counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** navigator.credentials.create(), as JSON. */
  create(options: PublicKeyCredentialCreationOptionsJSON, lie: Lie = {}): string {
    this.#handle = options.user.id;
    const clientData = this.#clientData(lie.type ?? 'webauthn.create', lie.challenge ?? options.challenge, lie);
    const attested = Buffer.concat([
      Buffer.alloc(16),
      uint16(this.credentialId.length),
      this.credentialId,
      this.#coseKey(),
    ]);
    const data = this.#authenticatorData(lie.rpId ?? options.rp.id!, 0x40, lie, attested);
    const object = Buffer.concat([
      Buffer.from([0xa3]),
      text('fmt'),
      text('none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      bytes(data),
    ]);
    return JSON.stringify({
      ...this.#credential(lie),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: (lie.attestation ?? object).toString('base64url'),
        transports: ['internal'],
      },
    });
  }

  /** navigator.credentials.get(), as JSON. */
  get(options: PublicKeyCredentialRequestOptionsJSON, lie: Lie = {}): string {
    this.counter = lie.counter ?? this.counter + 1;
    const clientData = this.#clientData(lie.type ?? 'webauthn.get', lie.challenge ?? options.challenge, lie);
    const data = this.#authenticatorData(lie.rpId ?? options.rpId!, 0, lie);
    const hash = createHash('sha256').update(clientData).digest();
    const signature = sign('sha256', Buffer.concat([data, hash]), lie.key ?? this.#keys.privateKey);
    const handle = lie.userHandle === undefined ? this.#handle : lie.userHandle;
    return JSON.stringify({
      ...this.#credential(lie),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(handle !== null && { userHandle: handle }),
      },
    });
  }

  #credential({ credentialId }: Lie) {
    const id = credentialId ?? this.credentialId.toString('base64url');
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, authenticatorAttachment: 'platform' };
  }

  #clientData(type: string, challenge: string, { origin }: Lie): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: origin ?? this.#origin, crossOrigin: false }));
  }

  #authenticatorData(rpId: string, flags: number, { unverified, counter }: Lie, attested = Buffer.alloc(0)): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? this.counter);
    const present = 0x01 | (unverified ? 0 : 0x04);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags | present]), count, attested]);
  }

  /** RFC 9052, 7; RFC 9053, 7.1.1. */
  #coseKey(): Buffer {
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' });
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      bytes(Buffer.from(x!, 'base64url')),
      Buffer.from([0x22]),
      bytes(Buffer.from(y!, 'base64url')),
    ]);
  }
}

/** RFC 8949, 3.1: text and bytes. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | value.length]), Buffer.from(value)]);
}

function bytes(value: Buffer): Buffer {
  const head = value.length < 256 ? Buffer.from([0x58, value.length]) : Buffer.from([0x59, ...uint16(value.length)]);
  return Buffer.concat([head, value]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}
