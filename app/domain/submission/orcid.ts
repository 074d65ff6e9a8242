/**
 * An ORCID iD as `0000-0002-1825-0097`, however people paste it: with its address, a label, other dashes, blanks, wide
 * digits, or none of these. Null where the check digit (ISO 7064, mod 11-2) is wrong. Takes time in proportion to the text.
 */
export function parseOrcid(typed: string): string | null {
  const plain = typed
    .normalize('NFKC')
    .replace(/[\s\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[\p{Pd}\u2212\u2043]+/gu, '-');
  const match = PASTED.exec(plain);
  if (!match) return null;
  const groups = match.slice(1).map((group) => group.toUpperCase());
  const digits = groups.join('');
  return checkDigit(digits.slice(0, 15)) === digits[15] ? groups.join('-') : null;
}

/** Without its blanks. An address in the browser's bar goes on after the iD; signed in it holds the iD twice over. */
const PASTED =
  /^[<([{"'“„«‘]{0,3}(?:orcid(?!\.)(?:-?(?:id|no|number|nr)\b\.?|id)?[:=#.-]?)?[<([]?(?:(?:https?:)?\/{0,2}(?:www\.)?orcid\.org\/(?:my-orcid\?orcid=)?)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])(?:\/?[?#].*|\/(?:print|record)?)?[>)\]}"'”“»’.,;:]{0,3}$/i;

function checkDigit(base: string): string {
  const total = [...base].reduce((sum, digit) => (sum + Number(digit)) * 2, 0);
  const result = (12 - (total % 11)) % 11;
  return result === 10 ? 'X' : String(result);
}
