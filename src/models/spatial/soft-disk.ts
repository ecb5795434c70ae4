/** A disk of radius 1 with a soft edge, f(u) = erfc(kappa (u - 1)) / 2, kappa = `EDGE` / width, along straight lines. */
import { gaussLegendre } from "../../math/quadrature.js";
import { erfc } from "../../math/special.js";
import { type End, fillDerivatives, type Profile } from "./profile.js";

/** erf reaches +-0.98 (95 % of the step) at +-`edge_width` of the radius. */
export const EDGE = 2.326174307353347;
/** |y| = kappa |u - 1| from which f is 0 or 1 to the last bit. */
const REACH = 6;
/** Edges below this width are taken as this wide: it moves 1e-11 of the area, and derivatives by the width still have digits. */
const NARROWEST = 1e-5;
/** Rules of Gauss and Legendre by a fourth of their nodes, less one: `nodesFor` y from -6 to 6 leaves 1e-12 of exp(-y^2). */
const RULES = Array.from({ length: 9 }, (_, i) => gaussLegendre(4 * (i + 1)));
const ruleFor = (length: number) => RULES[Math.min(Math.ceil((6 + 2.5 * length) / 4), RULES.length) - 1]!;
const rootPi = Math.sqrt(Math.PI);
/** u^2 below which a point is the centre. */
const CENTRE = 1e-12;

interface Integrals {
  /** Of f u du from 0 to u, and its derivatives by the width. */
  g: number;
  gs: number;
  gss: number;
}

/** The profile for an edge of `width`; `parameter`: the index of the width. A new one for each image: it holds work arrays. */
export function softDisk(width: number, parameter: number): Profile {
  const w = Math.max(width, NARROWEST);
  const kappa = EDGE / w;
  // derivatives by a width that is taken as another are 0
  const scale = width < NARROWEST ? 0 : 1;
  const [inner, outer] = [Math.max(1 - REACH / kappa, 0), 1 + REACH / kappa];
  const start: Integrals = { g: 0, gs: 0, gss: 0 };
  antiderivatives(-kappa, erfc(-kappa) / 2, kappa, start);
  const found: Integrals = { g: 0, gs: 0, gss: 0 };
  const total: Integrals = { g: 0, gs: 0, gss: 0 };

  const within = (u: number, f: number, to: Integrals) => {
    antiderivatives(Math.min(kappa * (u - 1), REACH), f, kappa, to);
    to.g = (u * u * f + to.g - start.g) / 2;
    to.gs = scale * (to.gs - start.gs);
    to.gss = scale * (to.gss - start.gss);
  };
  const brightness = (u: number) => (u <= inner ? 1 : u >= outer ? 0 : erfc(kappa * (u - 1)) / 2);
  within(outer, 0, total);

  const takeEnd = (u2: number, end: End) => {
    const u = Math.sqrt(u2);
    if (u < inner || u2 < CENTRE) {
      end.f = u < inner ? 1 : brightness(u);
      end.g = end.f / 2;
      end.q = end.gs = 0;
      return;
    }
    end.f = brightness(u);
    within(u, end.f, found);
    end.g = found.g / u2;
    end.q = (end.f - 2 * end.g) / u2;
    end.gs = found.gs / u2;
  };

  const ends: readonly [End, End] = [
    { f: 0, g: 0, q: 0, gs: 0 },
    { f: 0, g: 0, q: 0, gs: 0 },
  ];
  const line = { f: 0, rho: 0, s: 0 };
  /** Of the triangle, and of its derivatives by the width. */
  const triangle: Integrals = { g: 0, gs: 0, gss: 0 };

  /** Adds the segment from a to b, which lies where f changes, at the distance r of its line. By parts, as f' is a Gaussian. */
  function addEdge(r: number, a: number, b: number): void {
    const uA = Math.sqrt(r * r + a * a);
    const uB = Math.sqrt(r * r + b * b);
    const { nodes, weights } = ruleFor(kappa * Math.abs(uB - uA));
    addBounds(r, b, uB, 1);
    addBounds(r, a, uA, -1);
    const [middle, half] = [(a + b) / 2, (b - a) / 2];
    for (let k = 0; k < nodes.length; k++) {
      const t = middle + half * nodes[k]!;
      const u = Math.sqrt(r * r + t * t);
      const y = kappa * (u - 1);
      const density = (half * weights[k]! * Math.exp(-y * y)) / rootPi;
      const angle = Math.atan2(t, r);
      const slope = (-kappa * density) / u;
      triangle.g += ((u * u * angle - r * t) / 2) * t * slope;
      line.f -= t * t * slope;
      line.rho += r * slope;
      const byWidth = (scale * y * density) / w;
      line.s += byWidth;
      triangle.gs -= angle * t * byWidth;
      triangle.gss -= (angle * t * byWidth * 2 * (y * y - 1)) / w;
    }
  }

  function addBounds(r: number, t: number, u: number, sign: number): void {
    const f = brightness(u);
    within(u, f, found);
    const angle = Math.atan2(t, r);
    triangle.g += sign * (found.g * angle - ((u * u * angle - r * t) / 2) * f);
    triangle.gs += sign * found.gs * angle;
    triangle.gss += sign * found.gss * angle;
    line.f += sign * t * f;
  }

  function addOutside(r: number, a: number, b: number): void {
    const angle = Math.atan2(b, r) - Math.atan2(a, r);
    triangle.g += total.g * angle;
    triangle.gs += total.gs * angle;
    triangle.gss += total.gss * angle;
  }

  return {
    inner,
    outer,
    parameter,
    fill(rho, t0, t1, order, out) {
      const r = Math.abs(rho);
      const near = Math.sqrt(Math.max(inner * inner - r * r, 0));
      const far = Math.sqrt(Math.max(outer * outer - r * r, 0));
      out.fill(0);
      line.f = line.rho = line.s = triangle.g = triangle.gs = triangle.gss = 0;
      // outside, edge, inside (two halves), edge, outside
      for (let a = t0; a < t1; ) {
        const border = a < -far ? -far : a < -near ? -near : a < 0 ? 0 : a < near ? near : a < far ? far : t1;
        const b = Math.min(border, t1);
        const middle = Math.abs(a + b) / 2;
        if (middle > far) addOutside(r, a, b);
        else if (middle > near) addEdge(r, a, b);
        else {
          triangle.g += (r * (b - a)) / 2;
          line.f += b - a;
        }
        a = b;
      }
      const sign = rho < 0 ? -1 : 1;
      out[0] = sign * triangle.g;
      if (order === 0) return;
      takeEnd(rho * rho + t0 * t0, ends[0]);
      takeEnd(rho * rho + t1 * t1, ends[1]);
      line.rho *= sign;
      fillDerivatives(rho, t0, t1, line, ends, out);
      out[4] = sign * triangle.gs;
      out[14] = sign * triangle.gss;
    },
  };
}

/** At y, where the brightness is f, but for constants: twice the integral of f u du less u^2 f / 2, and the derivatives of the whole integral by the width. */
function antiderivatives(y: number, f: number, kappa: number, out: Integrals): void {
  const e = Math.exp(-y * y);
  const error = 1 - 2 * f;
  const w = EDGE / kappa;
  out.g = (error / 2) * (1 + 1 / (2 * kappa * kappa)) - (e * (1 / kappa + y / (2 * kappa * kappa))) / rootPi;
  out.gs = ((-e * (1 + y / kappa)) / 2 + (rootPi * error) / (4 * kappa)) / (EDGE * rootPi);
  out.gss =
    (2 * ((-y * y * e) / 2 + ((-y * y * y * e) / 2 - (y * e) / 4 + (rootPi * error) / 8) / kappa)) /
    (w * EDGE * rootPi);
}
