import { describe, expect, it } from "vitest";
import { newton } from "../../src/minimize/index.js";
import { problems } from "./problems.js";

describe("newton", () => {
  for (const p of problems) {
    it(`finds the minimum of ${p.name}`, () => {
      const r = newton.minimize(p.f, p.x0, p.options);
      expect(r.message).toBe("Optimization terminated successfully.");
      expect(r.value - p.value).toBeLessThan(1e-9);
    });
  }
});
