import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeLink } from '~/domain/account/looks-like-link';
import { addressKey, addressSchema, parseAddress, passwordSchema, personNameSchema } from '~/domain/account/schema';

describe('addresses', () => {
  test.each([
    ['reader@there.example', 'reader@there.example'],
    ['  reader@there.example \n', 'reader@there.example'],
    ['Reader.One+tag@There.Example', 'Reader.One+tag@there.example'],
    ["o'neill!#$%&*/=?^_`{|}~-@there.example", "o'neill!#$%&*/=?^_`{|}~-@there.example"],
    ['a@bücher.example', 'a@xn--bcher-kva.example'],
    ['a@例え.example', 'a@xn--r8jz45g.example'],
    // relay 63: what looks like two domains is one before anybody counts or compares
    ['a@exa№mple.org', 'a@exanomple.org'],
    ['a@ｅｘａｍｐｌｅ.org', 'a@example.org'],
    ['a@example。org', 'a@example.org'],
  ])('%s is read as %s', (typed, address) => {
    expect(parseAddress(typed)).toBe(address);
  });

  test.each([
    ['relay 6: two at once', 'a@x.example,b@y.example'],
    ['relay 6: two at once', 'a@x.example;b@y.example'],
    ['relay 6: two at once', 'a@x.example b@y.example'],
    ['relay 7: quoted', '"a@evil x"@good.example'],
    ['relay 7: quoted', '"a"@good.example'],
    ['relay 8: a comment', 'a@good.com(x)evil.com'],
    ['relay 8: a comment', '(x)a@good.example'],
    ['a display name', 'A <a@good.example>'],
    ['another header', 'a@good.example\r\nBcc: v@x.example'],
    ['a null', 'a@good.example\0'],
    ['a route', '@relay.example:a@good.example'],
    ['a percent route', 'a@good.example%evil.example'],
    ['a literal', 'a@[127.0.0.1]'],
    ['a number that is an address of the network', 'a@2130706433'],
    ['a number that is an address of the network', 'a@127.0.0.1'],
    ['a number that is an address of the network', 'a@0x7f.1'],
    ['a port', 'a@good.example:25'],
    ['a path', 'a@good.example/x'],
    ['a query', 'a@good.example?cc=x'],
    ['a percent sign', 'a@good%2eexample'],
    ['no domain', 'a@'],
    ['no name', '@good.example'],
    ['one word', 'a@localhost'],
    ['dots in a row', 'a..b@good.example'],
    ['a dot at the end', 'a.@good.example'],
    ['a dot at the end of the domain', 'a@good.example.'],
    ['an underscore', 'a@good_one.example'],
    ['nothing', ''],
    ['not ASCII', 'ä@good.example'],
    ['a wide at sign', 'a＠good.example'],
    ['a long name', `${'a'.repeat(65)}@good.example`],
    ['a long label', `a@${'b'.repeat(64)}.example`],
    ['a long whole', `${'a'.repeat(64)}@${'b.'.repeat(100)}example`],
  ])('%s is refused: %j', (_, typed) => {
    expect(parseAddress(typed)).toBeNull();
    expect(addressSchema.safeParse(typed).success).toBe(false);
  });

  test('what is accepted is one plain ASCII address, and reading it again changes nothing', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.emailAddress(),
      fc.string({ unit: fc.constantFrom(...'ab@@..example-_"(),;<>:\\[]%№ü \r\n') }),
      fc.tuple(fc.string(), fc.domain()).map(([local, domain]) => `${local}@${domain}`),
    );
    fc.assert(
      fc.property(typed, (typed) => {
        const address = parseAddress(typed);
        if (address === null) return;
        expect(address).toMatch(/^[!-~]+$/);
        expect(address.split('@')).toHaveLength(2);
        expect(address).not.toMatch(/[\s"(),:;<>[\]\\]/);
        expect(parseAddress(address)).toBe(address);
      }),
      { numRuns: 1000 },
    );
  });

  test('two that differ in case are one', () => {
    expect(addressKey('Reader@There.Example')).toBe(addressKey('reader@there.example'));
  });

  test('a long text is refused before it is looked at', () => {
    expect(addressSchema.safeParse(`${'a@'.repeat(500_000)}b.example`).success).toBe(false);
  });

  test.each([{ address: 'a@x.example' }, ['a@x.example'], null, 7])('relay 9: %j is no address', (value) => {
    expect(addressSchema.safeParse(value).success).toBe(false);
  });
});

describe('names', () => {
  test.each([
    ['Dilnoza Example', 'Dilnoza Example'],
    ['  O’Brien-Smith,  Jr. ', 'O’Brien-Smith, Jr.'],
    ['J.R.R. Tolkien', 'J.R.R. Tolkien'],
    ['M.Sc. Aigerim/Айгерім', 'M.Sc. Aigerim/Айгерім'],
    ['<a href="x">', '<a href="x">'],
  ])('%j is kept as %j', (typed, name) => {
    expect(personNameSchema.parse(typed)).toBe(name);
  });

  test.each([
    ['', ''],
    ['nothing visible', '\u200b\u202e \ufeff'],
    ['too long', 'x'.repeat(121)],
    ['relay 4: an address', 'win a prize at me@evil.example'],
    ['relay 4: a wide at sign', 'me＠evil'],
    ['relay 4: a small at sign', 'me﹫evil'],
    ['relay 4: a URL', 'see https://evil.example'],
    ['relay 4: a URL', 'javascript://x'],
    ['relay 4: a URL', 'www.evil.example'],
    ['relay 4: a URL', 'evil.example/prize'],
    ['relay 4: a URL behind invisible marks', 'https:\u200b//evil.example'],
    ['relay 1: another header with an address', 'Eve\r\nBcc: v@x'],
  ])('%s is refused: %j', (_, typed) => {
    expect(personNameSchema.safeParse(typed).success).toBe(false);
  });

  test('what is accepted stands on one line and links nowhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const { data } = personNameSchema.safeParse(typed);
        return (
          data === undefined || (!/[\r\n]/.test(data) && !looksLikeLink(data) && data.length >= 1 && data.length <= 120)
        );
      }),
    );
  });
});

test.each([
  ['ninechars', false],
  ['ten chars!', true],
  ['пароль на кириллице', true],
  ['x'.repeat(201), false],
])('the password %j: %s', (password, accepted) => {
  expect(passwordSchema.safeParse(password).success).toBe(accepted);
});
