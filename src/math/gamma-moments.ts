/** An incomplete gamma integral takes in at least 1 - 1e-17 of the whole up to here. */
const enough = (a: number): number => 60 + 3 * a;

/**
 * Integral from 0 to x of y^(a - 1) e^-y ln(2 y)^order, for a, x > 0: 2^-a times the derivatives by a of 2^a times the lower incomplete gamma function.
 * Term by term from x^a e^-x sum_k x^k / (a (a + 1) ... (a + k)) (A&S 6.5.29), whose terms are positive.
 */
export function gammaMoment(order: 0 | 1 | 2, a: number, x: number): number {
  const end = Math.min(x, enough(a));
  /** Of the term in hand: its value, and minus the first and second derivative of its logarithm. */
  let term = 1 / a;
  let first = 1 / a;
  let second = 1 / (a * a);
  let sum = 0;
  let sum1 = 0;
  let sum2 = 0;
  for (let k = 1; ; k++) {
    const curved = term * (first * first + second);
    sum += term;
    sum1 -= term * first;
    sum2 += curved;
    if (!(k < end || curved > 1e-17 * sum2)) break;
    const b = a + k;
    term *= end / b;
    first += 1 / b;
    second += 1 / (b * b);
  }
  const front = Math.exp(a * Math.log(end) - end);
  const log = Math.log(2 * end);
  if (order === 0) return front * sum;
  return front * (order === 1 ? sum1 + log * sum : sum2 + 2 * log * sum1 + log * log * sum);
}
