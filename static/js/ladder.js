// How many answers suit a person, found by a few tries; docs/buttons.md says why so. It knows no page and keeps nothing.

const ENOUGH = 3; // finds
const TOO_MANY = 2; // misses

/** What will be asked for among three and among five, in turn; `random` gives numbers from 0 to 1. */
export const drawn = (random) => ({ 3: shuffled([5, 3, 1], random), 5: shuffled([4, 2], random) });

/**
 * What comes after these tries: another, `{ picture, among, asked }`, or how many answers to offer, `{ ladder }`.
 * A try is `{ among, asked, chosen }`; amounts are the answers' values, 5 full to 1 empty.
 */
export function following(tries, order) {
  const finds = tries.filter(({ asked, chosen }) => asked === chosen);
  const misses = tries.length - finds.length;
  if (misses === TOO_MANY) return { ladder: 2 };
  if (finds.filter(({ among }) => among === 5).length === 2) return { ladder: 5 };
  if (finds.length === ENOUGH) return { ladder: 3 };
  const among = finds.length && !misses ? 5 : 3;
  const before = tries.filter((one) => one.among === among).length;
  const asked = order[among][before % order[among].length];
  return { picture: finds.length ? "circle" : "glass", among, asked };
}

function shuffled(amounts, random) {
  const left = [...amounts];
  return amounts.map(() => left.splice(Math.floor(random() * left.length), 1)[0]);
}
