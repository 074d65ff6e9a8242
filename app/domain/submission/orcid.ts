/** An ORCID iD as `0000-0002-1825-0097`, from that form or its URL; null where the check digit (ISO 7064, mod 11-2) is wrong. */
export function parseOrcid(typed: string): string | null {
  const match = /^(?:https?:\/\/(?:www\.)?orcid\.org\/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])\/?$/i.exec(
    typed.trim(),
  );
  if (!match) return null;
  const digits = match.slice(1).join('').toUpperCase();
  return checkDigit(digits.slice(0, 15)) === digits[15] ? match.slice(1).join('-').toUpperCase() : null;
}

function checkDigit(base: string): string {
  const total = [...base].reduce((sum, digit) => (sum + Number(digit)) * 2, 0);
  const result = (12 - (total % 11)) % 11;
  return result === 10 ? 'X' : String(result);
}
