import type { RandomStream } from "../math/random.js";
import type { Dynamics } from "./dynamics.js";
import { logSum } from "./log-sum.js";

export interface Transition {
  /** The next sample: z [n], its f/2 and the gradient of that. */
  readonly z: Float64Array;
  readonly g: Float64Array;
  potential: number;
  /** Mean acceptance probability of the trajectory's points. */
  acceptance: number;
  divergent: boolean;
  depth: number;
}

/** An energy error above it is a divergence, as in Hoffman & Gelman. */
const DIVERGENCE = 1000;

/**
 * No-U-turn transition: Hoffman & Gelman (2014), JMLR 15, 1593, with points drawn by their weight along the trajectory and the turning
 * criterion in the sum of momenta (Betancourt 2017, arXiv:1701.02434, appendix A). Returns a function that fills and returns one
 * `Transition`; the dynamics start at the present sample and end at the next.
 */
export function transitions(d: Dynamics, maxDepth: number): (step: number, stream: RandomStream) => Transition {
  const n = d.z.length;
  // one place for each half of a subtree at each depth: sum of momenta, momenta of its first and last point, its proposal
  const places = 2 * (maxDepth + 1);
  const sum = new Float64Array(places * n);
  const first = new Float64Array(places * n);
  const last = new Float64Array(places * n);
  const proposal = new Float64Array(places * n);
  const proposalG = new Float64Array(places * n);
  const proposalU = new Float64Array(places);
  const weight = new Float64Array(places);
  // the trajectory so far: its sum of momenta, and position, momentum, gradient at both ends
  const rho = new Float64Array(n);
  const ends = [0, 1].map(() => ({ z: new Float64Array(n), p: new Float64Array(n), g: new Float64Array(n) }));
  const out: Transition = {
    z: new Float64Array(n),
    g: new Float64Array(n),
    potential: 0,
    acceptance: 0,
    divergent: false,
    depth: 0,
  };
  let h0 = 0;
  let step = 0;
  let leaps = 0;
  let accepted = 0;
  let stream: RandomStream;

  /** (a + b).p > 0 for both p: the ends still move apart. */
  function goesOn(
    a: Float64Array,
    aAt: number,
    b: Float64Array,
    bAt: number,
    p: Float64Array,
    pAt: number,
    q: Float64Array,
    qAt: number,
  ): boolean {
    let one = 0;
    let other = 0;
    for (let i = 0; i < n; i++) {
      const s = a[aAt + i]! + b[bAt + i]!;
      one += s * p[pAt + i]!;
      other += s * q[qAt + i]!;
    }
    return one > 0 && other > 0;
  }

  function copy(to: Float64Array, toAt: number, from: Float64Array, fromAt: number): void {
    for (let i = 0; i < n; i++) to[toAt + i] = from[fromAt + i]!;
  }

  /** Goes on by 2^depth steps from the dynamics' state, into a place; false if the subtree turns or diverges. */
  function build(depth: number, half: 0 | 1): boolean {
    const place = 2 * depth + half;
    const at = place * n;
    if (depth === 0) {
      d.leap(step);
      leaps++;
      const error = d.energy() - h0;
      const finite = Number.isFinite(error);
      accepted += finite ? Math.min(1, Math.exp(-error)) : 0;
      weight[place] = finite ? -error : Number.NEGATIVE_INFINITY;
      copy(sum, at, d.p, 0);
      copy(first, at, d.p, 0);
      copy(last, at, d.p, 0);
      copy(proposal, at, d.z, 0);
      copy(proposalG, at, d.g, 0);
      proposalU[place] = d.potential;
      if (finite && error <= DIVERGENCE) return true;
      out.divergent = true;
      return false;
    }
    if (!build(depth - 1, 0) || !build(depth - 1, 1)) return false;
    const one = place - 2 - half;
    const two = one + 1;
    const [a, b] = [one * n, two * n];
    weight[place] = logSum(weight[one]!, weight[two]!);
    const chosen = Math.log(stream.uniform()) < weight[two]! - weight[place]! ? two : one;
    copy(proposal, at, proposal, chosen * n);
    copy(proposalG, at, proposalG, chosen * n);
    proposalU[place] = proposalU[chosen]!;
    copy(first, at, first, a);
    copy(last, at, last, b);
    for (let i = 0; i < n; i++) sum[at + i] = sum[a + i]! + sum[b + i]!;
    return (
      goesOn(sum, a, sum, b, first, a, last, b) &&
      goesOn(sum, a, first, b, first, a, first, b) &&
      goesOn(last, a, sum, b, last, a, last, b)
    );
  }

  return (size, random) => {
    stream = random;
    d.drawMomentum(stream);
    h0 = d.energy();
    leaps = 0;
    accepted = 0;
    out.divergent = false;
    out.depth = 0;
    out.z.set(d.z);
    out.g.set(d.g);
    out.potential = d.potential;
    rho.set(d.p);
    for (const end of ends) {
      end.z.set(d.z);
      end.p.set(d.p);
      end.g.set(d.g);
    }
    let total = 0;
    while (out.depth < maxDepth) {
      const side = stream.uniform() < 0.5 ? 0 : 1;
      step = side === 1 ? size : -size;
      const near = ends[side]!;
      const far = ends[1 - side]!;
      d.z.set(near.z);
      d.p.set(near.p);
      d.g.set(near.g);
      const place = 2 * out.depth;
      if (!build(out.depth, 0)) break;
      out.depth++;
      // leaning towards the new half, which lies further away
      if (Math.log(stream.uniform()) < weight[place]! - total) {
        copy(out.z, 0, proposal, place * n);
        copy(out.g, 0, proposalG, place * n);
        out.potential = proposalU[place]!;
      }
      total = logSum(total, weight[place]!);
      const at = place * n;
      const apart =
        goesOn(rho, 0, sum, at, far.p, 0, last, at) &&
        goesOn(rho, 0, first, at, far.p, 0, first, at) &&
        goesOn(near.p, 0, sum, at, near.p, 0, last, at);
      for (let i = 0; i < n; i++) rho[i]! += sum[at + i]!;
      near.z.set(d.z);
      near.p.set(d.p);
      near.g.set(d.g);
      if (!apart) break;
    }
    out.acceptance = accepted / leaps;
    d.z.set(out.z);
    d.g.set(out.g);
    d.potential = out.potential;
    return out;
  };
}
