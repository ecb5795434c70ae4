/** A ball of radius 1 that radiates evenly, seen from far: f = sqrt(1 - u^2), whose integrals are known. */
import { type End, fillDerivatives, type Profile } from "./profile.js";

/** Integral of f u du over all of it. */
const TOTAL = 1 / 3;
const newEnd = (): End => ({ f: 0, g: 0, q: 0, gs: 0 });

function takeEnd(u2: number, end: End): void {
  if (u2 >= 1) {
    end.f = 0;
    end.g = TOTAL / u2;
    end.q = (-2 * end.g) / u2;
    return;
  }
  // with s = sqrt(1 - u^2) nothing cancels at the centre
  const s = Math.sqrt(1 - u2);
  end.f = s;
  end.g = (1 + s + s * s) / (3 * (1 + s));
  end.q = -(s + 2) / (3 * (1 + s) ** 2);
}

/** As `Profile` has it. A new one for each image: it holds work arrays. */
export function ballProfile(): Profile {
  const ends = [newEnd(), newEnd()] as const;
  const line = { f: 0, rho: 0, s: 0 };
  return {
    inner: 0,
    outer: 1,
    parameter: -1,
    fill(rho, t0, t1, order, out) {
      const c2 = 1 - rho * rho;
      out.fill(0);
      line.f = line.rho = 0;
      let sum = 0;
      if (c2 > 0) {
        const c = Math.sqrt(c2);
        const from = Math.min(Math.max(t0, -c), c);
        const to = Math.min(Math.max(t1, -c), c);
        // 0 at the rim: its rounding would be that of a root
        const sFrom = Math.abs(from) < c ? Math.sqrt(Math.max(c2 - from * from, 0)) : 0;
        const sTo = Math.abs(to) < c ? Math.sqrt(Math.max(c2 - to * to, 0)) : 0;
        const angle = Math.atan2(to, sTo) - Math.atan2(from, sFrom);
        const product = to * sTo - from * sFrom;
        line.f = (product + c2 * angle) / 2;
        line.rho = -rho * angle;
        // integral of rho (1 - (1 - u^2)^(3/2)) / (3 u^2), and of rho / (3 u^2) outside
        const turned = Math.sign(rho) * (Math.atan2(to, Math.abs(rho) * sTo) - Math.atan2(from, Math.abs(rho) * sFrom));
        sum = (rho * ((3 - rho * rho) * angle + product)) / 2 - turned;
      }
      const whole = Math.sign(rho) * (Math.atan2(t1, Math.abs(rho)) - Math.atan2(t0, Math.abs(rho)));
      out[0] = TOTAL * (sum + whole);
      if (order === 0) return;
      takeEnd(rho * rho + t0 * t0, ends[0]);
      takeEnd(rho * rho + t1 * t1, ends[1]);
      fillDerivatives(rho, t0, t1, line, ends, out);
    },
  };
}
