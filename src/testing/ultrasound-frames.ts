/**
 * @file Frames that look like breast ultrasound to a search for duplicates (layers, a lesion with its shadow, speckle, one scanner's text), and
 * altered copies of them. Made from a seed; not meant for anything that learns from images.
 */
import type { GreyImage } from "../image/decode.ts";
import { rngOf, type Rng } from "../util/rng.ts";

const width = 400;
const height = 320;

/** Smooth noise of unit scale: random values on a grid of cells, joined linearly. Evaluated row by row into `out`, added with `weight`. */
function addNoise(out: Float32Array, rng: Rng, cellX: number, cellY: number, weight: number): void {
  const columns = Math.ceil(width / cellX) + 2;
  const rows = Math.ceil(height / cellY) + 2;
  const grid = Float32Array.from({ length: columns * rows }, () => 2 * rng.next() - 1);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cellY);
    const v = y / cellY - row;
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / cellX);
      const u = x / cellX - column;
      const i = row * columns + column;
      const upper = grid[i] + u * (grid[i + 1] - grid[i]);
      const lower = grid[i + columns] + u * (grid[i + columns + 1] - grid[i + columns]);
      out[y * width + x] += weight * (upper + v * (lower - upper));
    }
  }
}

/** The same marks stand in every frame of a scanner: strokes like letters, at one place. */
function annotate(image: GreyImage, at: { x: number; y: number }, letters: number, rng: Rng): void {
  for (let letter = 0; letter < letters; letter++)
    for (let stroke = 0; stroke < 3; stroke++) {
      const upright = rng.int(2);
      const [dx, dy] = [12 * letter + rng.int(7), rng.int(9)];
      for (let k = 0; k < 8; k++) {
        const [x, y] = [at.x + dx + (upright ? 0 : k), at.y + dy + (upright ? k : 0)];
        if (x + 1 < image.width && y < image.height) image.pixels.fill(255, y * image.width + x, y * image.width + x + 2);
      }
    }
}

/** A frame of 400 × 320 pixels. */
export function frame(seed: number): GreyImage {
  const rng = rngOf(seed, "frame");
  const log = new Float32Array(width * height);
  addNoise(log, rng, 90, 40, 0.8); // regions
  addNoise(log, rng, 60, 9, 0.7); // layers
  addNoise(log, rng, 9, 6, 0.5); // texture
  addNoise(log, rng, 4, 2.5, 0.7); // speckle
  const lesion = { x: 80 + rng.int(240), y: 70 + rng.int(120), rx: 25 + rng.int(50), ry: 18 + rng.int(35) };
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = ((x - lesion.x) / lesion.rx) ** 2 + ((y - lesion.y) / lesion.ry) ** 2 < 1;
      const below = y > lesion.y && Math.abs(x - lesion.x) < lesion.rx;
      const level = log[y * width + x] + (inside ? -1.4 : below ? -0.5 : 0);
      pixels[y * width + x] = Math.max(0, Math.min(255, 95 * Math.exp(0.6 * level) * (1 - (0.5 * y) / height)));
    }
  const image = { width, height, pixels };
  annotate(image, { x: 150, y: 290 }, 7, rngOf(0, "text"));
  return image;
}

/** The copy of a frame: cropped to 75–100 % a side, scaled by 0.7–1.3, gain and contrast changed, calipers and text drawn, and noise added. */
export function planted(image: GreyImage, seed: number): GreyImage {
  const rng = rngOf(seed, "copy");
  const share = () => 0.75 + 0.25 * rng.next();
  const crop = { width: image.width * share(), height: image.height * share() };
  const left = rng.next() * (image.width - crop.width);
  const top = rng.next() * (image.height - crop.height);
  const scale = 0.7 + 0.6 * rng.next();
  const [gamma, gain, lift] = [0.7 + 0.6 * rng.next(), 0.75 + 0.5 * rng.next(), 20 * rng.next() - 10];
  const size = { width: Math.round(crop.width * scale), height: Math.round(crop.height * scale) };
  const pixels = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const u = Math.max(0, Math.min(image.width - 1.001, left + (x + 0.5) / scale - 0.5));
      const v = Math.max(0, Math.min(image.height - 1.001, top + (y + 0.5) / scale - 0.5));
      const i = Math.floor(v) * image.width + Math.floor(u);
      const [p, q] = [u % 1, v % 1];
      const upper = image.pixels[i] * (1 - p) + image.pixels[i + 1] * p;
      const lower = image.pixels[i + image.width] * (1 - p) + image.pixels[i + image.width + 1] * p;
      const level = (upper * (1 - q) + lower * q) / 255;
      pixels[y * size.width + x] = Math.max(0, Math.min(255, 255 * gain * level ** gamma + lift + 10 * (rng.next() - 0.5)));
    }
  const copy = { ...size, pixels };
  for (let mark = 0; mark < 4; mark++)
    annotate(copy, { x: rng.int(Math.floor(size.width * 0.8)), y: rng.int(Math.floor(size.height * 0.8)) }, 1, rng);
  annotate(copy, { x: 10, y: size.height - 30 }, 5, rng);
  return copy;
}
