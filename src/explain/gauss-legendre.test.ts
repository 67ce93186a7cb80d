/** @file Tests of Gauss-Legendre quadrature. */
import * as assert from "uvu/assert";
import { assertClose } from "../testing/close.ts";
import { describe } from "../testing/describe.ts";
import { gaussLegendre } from "./gauss-legendre.ts";

describe("gaussLegendre", (test) => {
  test("has the textbook nodes and weights for n = 3", () => {
    const { nodes, weights } = gaussLegendre(3);
    const half = Math.sqrt(3 / 5) / 2;
    assertClose(nodes, [0.5 - half, 0.5, 0.5 + half], { atol: 1e-15 });
    assertClose(weights, [5 / 18, 8 / 18, 5 / 18], { atol: 1e-15 });
  });

  test("equals numpy.polynomial.legendre.leggauss(50), mapped to [0, 1], at both ends and the middle", () => {
    const { nodes, weights } = gaussLegendre(50);
    assertClose([nodes[0], nodes[24], nodes[49]], [0.0005667977899644905, 0.48445083083640555, 0.9994332022100355], { rtol: 1e-13 });
    assertClose([weights[0], weights[24], weights[49]], [0.0014543112765789633, 0.031088308327673515, 0.0014543112765789633], {
      rtol: 1e-12,
    });
  });

  test("integrates x^d over [0, 1] exactly up to degree 2n - 1, and not beyond", () => {
    const integral = (n: number, degree: number) => {
      const { nodes, weights } = gaussLegendre(n);
      return nodes.reduce((sum, x, k) => sum + weights[k] * x ** degree, 0);
    };
    for (const n of [1, 2, 5, 8]) {
      for (let degree = 0; degree < 2 * n; degree++)
        assertClose(integral(n, degree), 1 / (degree + 1), { rtol: 1e-13 }, `n ${n}, degree ${degree}`);
      assert.ok(Math.abs(integral(n, 2 * n) - 1 / (2 * n + 1)) > 1e-11, `n ${n}`);
    }
  });

  test("keeps ascending nodes and weights that sum to 1 at n = 500", () => {
    const { nodes, weights } = gaussLegendre(500);
    assert.ok(nodes.every((x, k) => x > 0 && x < 1 && (k === 0 || x > nodes[k - 1])));
    assertClose(
      weights.reduce((a, b) => a + b),
      1,
      { rtol: 1e-13 },
    );
  });

  test("refuses a number of nodes that is not a positive integer", () => {
    assert.throws(() => gaussLegendre(0), /n must be an integer of at least 1, got 0/);
    assert.throws(() => gaussLegendre(2.5), /got 2.5/);
  });
});
