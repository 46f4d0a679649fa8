// The signs of a code, as survey/access/codes.py has them.

const SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

export const LENGTH = 12;

/** The signs alone, whatever stands between them. */
export const bare = (typed) => typed.toUpperCase().replace(/[\s\u2010-\u2015_.-]/g, "");

/** As people see it: XXXX-XXXX-XXXX. */
export const grouped = (code) => code.match(/.{1,4}/g)?.join("-") ?? "";

/** Right length, signs and check sign (Luhn mod N). */
export function isCode(code) {
  if (code.length !== LENGTH || [...code].some((sign) => !SIGNS.includes(sign))) return false;
  const total = [...code].reverse().reduce((sum, sign, position) => {
    const value = SIGNS.indexOf(sign) * (position % 2 ? 2 : 1);
    return sum + Math.floor(value / SIGNS.length) + (value % SIGNS.length);
  }, 0);
  return total % SIGNS.length === 0;
}
