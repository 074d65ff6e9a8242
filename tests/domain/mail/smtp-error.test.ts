import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAway, smtpFailure } from '~/domain/mail/smtp-error';

describe('what a Nodemailer error means', () => {
  test.each([
    // What Nodemailer says, the message handed over or not, what it means
    [{ code: 'EENVELOPE', responseCode: 450, command: 'RCPT TO' }, false, 'deferred', 'reply-450'],
    [{ code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' }, false, 'failed', 'reply-550'],
    [{ code: 'EENVELOPE', responseCode: 421, command: 'MAIL FROM' }, false, 'deferred', 'reply-421'],
    [{ code: 'EENVELOPE', responseCode: 530, command: 'MAIL FROM' }, false, 'deferred', 'auth'],
    [{ code: 'EENVELOPE', command: 'API' }, false, 'failed', 'address'],
    [{ code: 'EMESSAGE', responseCode: 451, command: 'DATA' }, true, 'deferred', 'reply-451'],
    [{ code: 'EMESSAGE', responseCode: 554, command: 'DATA' }, true, 'failed', 'reply-554'],
    [{ code: 'EMESSAGE', responseCode: 421, command: 'DATA' }, true, 'deferred', 'reply-421'],
    [{ code: 'EMESSAGE', responseCode: 354, command: 'DATA' }, true, 'unknown', 'protocol'],
    [{ code: 'EMESSAGE', command: 'MAIL FROM' }, false, 'failed', 'too-large'],
    [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' }, false, 'deferred', 'connection'],
    [{ code: 'ECONNECTION', command: 'CONN' }, false, 'deferred', 'connection'],
    [{ code: 'ECONNECTION', command: 'CONN' }, true, 'unknown', 'lost'],
    [{ code: 'ECONNECTION', responseCode: 421, command: 'CONN' }, true, 'deferred', 'connection'],
    [{ code: 'ESOCKET', originalCode: 'ECONNRESET', command: 'CONN' }, true, 'unknown', 'lost'],
    [{ code: 'ETIMEDOUT', command: 'CONN' }, false, 'deferred', 'timeout'],
    [{ code: 'ETIMEDOUT', command: 'CONN' }, true, 'unknown', 'lost'],
    [{ code: 'EDNS' }, false, 'deferred', 'dns'],
    [{ code: 'ETLS' }, false, 'deferred', 'tls'],
    [{ code: 'EAUTH', responseCode: 535 }, false, 'deferred', 'auth'],
    [{ code: 'EPROTOCOL', responseCode: 554, command: 'CONN' }, false, 'deferred', 'protocol'],
    [{ code: 'EFILEACCESS' }, false, 'failed', 'content'],
    [new Error('Connection pool was closed'), false, 'deferred', 'other'],
    [undefined, false, 'deferred', 'other'],
  ] as const)('%o, handed over: %s → %s, %s', (error, handedOver, outcome, code) => {
    expect(smtpFailure(error, handedOver)).toEqual({ outcome, code });
  });

  test('never repeats what the server said', () => {
    const error = fc.record({
      code: fc.anything(),
      responseCode: fc.anything(),
      message: fc.string(),
      response: fc.string(),
    });
    fc.assert(
      fc.property(error, fc.boolean(), (error, handedOver) => {
        const { outcome, code } = smtpFailure(error, handedOver);
        expect(['deferred', 'failed', 'unknown']).toContain(outcome);
        expect(code).toMatch(/^(reply-[45]\d\d|[a-z-]{2,12})$/);
      }),
    );
  });

  test('knows when the server itself is out of reach', () => {
    expect(['connection', 'timeout', 'dns', 'tls', 'auth', 'protocol'].every(isAway)).toBe(true);
    expect(['reply-451', 'reply-550', 'lost', 'address', null].some(isAway)).toBe(false);
  });
});
