/** @file Looks of a picture: as it is, mirrored, rotated, or squeezed to another shape. Keypoints are described anew for each. */
import type { Affine } from "./alignment.ts";
import { describePoints, smoothings, type Keypoints } from "./keypoints.ts";
import { toPlane } from "./plane.ts";
import type { Signature } from "./signature.ts";

/** The linear map from offsets in the look to offsets in the picture, [[xx, xy], [yx, yy]] row by row. */
export type Look = readonly [xx: number, xy: number, yx: number, yy: number];

export const upright: Look = [1, 0, 0, 1];
export const mirrored: Look = [-1, 0, 0, 1];

/** Rotated by `degrees`, after its sides' ratio was multiplied by `squeeze`. */
function turned(degrees: number, squeeze: number): Look {
  const [cos, sin, root] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180), Math.sqrt(squeeze)];
  return [cos * root, -sin / root, sin * root, cos / root];
}

/** Descriptors bear 7 degrees and a tenth of squeezing, so these steps leave no gap between ± 42° and 0.75–1.3 times the shape. */
export const manyLooks: readonly Look[] = [
  ...[0, -12, 12, -24, 24, -36, 36].flatMap((degrees) => [1, 0.83, 1.2].map((squeeze) => turned(degrees, squeeze))),
  mirrored,
];

/** Keypoints as the look shows them. */
export function lookedAt({ thumb, points }: Signature, looks: readonly Look[]): Keypoints[] {
  if (looks.length === 1 && looks[0] === upright) return [points];
  const planes = smoothings(toPlane(thumb));
  return looks.map((look) => {
    const [xx, xy, yx, yy] = inverse(look);
    return {
      n: points.n,
      x: points.x.map((x, i) => xx * x + xy * points.y[i]),
      y: points.y.map((y, i) => yx * points.x[i] + yy * y),
      sigma: points.sigma,
      bits: describePoints(planes, points, look),
    };
  });
}

function inverse([xx, xy, yx, yy]: Look): Look {
  const determinant = xx * yy - xy * yx;
  return [yy / determinant, -xy / determinant, -yx / determinant, xx / determinant];
}

/** The map from the picture, where `map` leads there from the look. */
export function fromPicture(map: Affine, look: Look): Affine {
  const [xx, xy, yx, yy] = inverse(look);
  return {
    xx: map.xx * xx + map.xy * yx,
    xy: map.xx * xy + map.xy * yy,
    tx: map.tx,
    yx: map.yx * xx + map.yy * yx,
    yy: map.yx * xy + map.yy * yy,
    ty: map.ty,
  };
}
