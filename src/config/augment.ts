/**
 * @file Augmentations for B-mode, each with its probability and its range, and presets of them. Vertical order is never changed.
 * Reference: usaugment (Tupper & Gagné 2025, arXiv 2501.13193) for attenuation, shadow and haze; VanBerlo et al. 2025, arXiv 2504.07904, for what helps.
 */
import { z } from "zod";

const probability = (value: number, what: string) => z.number().min(0).max(1).default(value).describe(what);
const upTo = (most: number, value: number, what: string) => z.number().min(0).max(most).default(value).describe(what);
const span = (least: number, most: number, value: [number, number], what: string) =>
  z
    .tuple([z.number().min(least).max(most), z.number().min(least).max(most)])
    .refine(([low, high]) => low <= high, "the first number must not be above the second")
    .default(value)
    .describe(what);

/** What a view may differ in. */
const view = {
  cropScale: span(0.001, 1, [0.5, 1], "smallest and largest share of the area that a random crop keeps"),
  cropAspect: span(0.2, 5, [1, 1], 'narrowest and widest width : height of a crop; beyond 1, "taller than wide" loses its meaning'),
  cropInside: z.boolean().default(false).describe("take crops from the box that shows the image, never from the padding around it"),
  flip: probability(0.5, "probability of a left-right flip"),
  rotation: upTo(45, 0, "largest rotation in degrees; what turns in from outside is black"),
  jitter: probability(1, "probability that gain, gamma and depth gain change at all"),
  gain: upTo(1, 0.3, "largest relative change of brightness"),
  gamma: upTo(1, 0.3, "largest absolute log2 of the exponent applied to grey levels"),
  depthGain: upTo(1, 0.3, "largest relative gain change from top to bottom (TGC)"),
  attenuation: probability(0, "probability that the image darkens exponentially with depth"),
  attenuationRate: span(0, 10, [0, 3], "smallest and largest rate of that, over the depth of the view"),
  attenuationFloor: probability(0, "share of the brightness that is left at any depth"),
  shadow: probability(0, "probability of a Gaussian shadow; it may hide or feign a sign of malignancy, so no preset has it"),
  shadowStrength: span(0, 1, [0.25, 0.8], "smallest and largest share of the brightness that is missing in the shadow's centre"),
  shadowSize: span(0.001, 1, [0.01, 0.2], "smallest and largest standard deviation of a shadow along each axis, as a share of the side"),
  haze: probability(0, "probability of a band of haze across the image"),
  hazeStrength: upTo(1, 0.5, "largest brightness that haze adds"),
  hazeSize: span(0.001, 1, [0.01, 0.1], "smallest and largest standard deviation of the band along the depth, as a share of the side"),
  speckle: upTo(1, 0.1, "standard deviation of multiplicative speckle"),
  speckled: probability(1, "probability of speckle"),
  blur: probability(0.3, "probability of a binomial blur"),
  blurMix: span(
    0,
    1,
    [1, 1],
    "smallest and largest share of the blurred image; variance of the blur is share · (blurWidth - 1) / 4 pixels²",
  ),
  erase: probability(0, "probability that what was drawn into the image is filled in from around it, where a mask of it is known"),
};

type Overrides = { [K in keyof typeof view]: z.ZodOptional<ReturnType<(typeof view)[K]["unwrap"]>> };
const overridesSchema = z.strictObject(
  Object.fromEntries(Object.entries(view).map(([key, schema]) => [key, schema.unwrap().optional()])) as Overrides,
);

const settings = z.strictObject({
  preset: z.enum(["bmode-global", "bmode-local", "simclr-grey", "byol-grey"]).optional().describe("what the other settings start from"),
  ...view,
  speckleGrain: z
    .tuple([z.number().min(0).max(8), z.number().min(0).max(8)])
    .default([0, 0])
    .describe("correlation of speckle across and along the beam: standard deviations in pixels of the Gaussian that smooths it"),
  blurWidth: z
    .union([z.literal(3), z.literal(5), z.literal(7), z.literal(9)])
    .default(3)
    .describe("taps of the binomial blur along each axis"),
  perView: z
    .array(overridesSchema)
    .max(16)
    .default([])
    .describe("what is different in the first view, in the second …; a list of settings"),
  local: z
    .strictObject({
      count: z.int().min(0).max(16).default(0).describe("local views of each image beside the global ones (multi-crop)"),
      size: z.number().positive().max(1).default(0.5).describe("side of a local view, as a share of the image's side"),
      settings: overridesSchema.prefault({ cropScale: [0.1, 0.4] }).describe("what is different in local views"),
    })
    .prefault({}),
});
type Settings = z.input<typeof settings>;
export type AugmentPreset = NonNullable<Settings["preset"]>;

/** Presets; what they do not name is as without a preset. */
export const augmentPresets: Record<AugmentPreset, Omit<Settings, "preset">> = {
  // VanBerlo et al. 2025: transforms that keep the meaning are best where the whole image decides
  "bmode-global": {
    cropScale: [0.7, 1],
    cropInside: true,
    rotation: 8,
    attenuation: 0.3,
    attenuationRate: [0, 1],
    haze: 0.2,
    speckleGrain: [1, 0.5],
    blurMix: [0.2, 1],
    erase: 0.5,
  },
  // the same: crops are best where a small part decides
  "bmode-local": {
    cropScale: [0.2, 0.8],
    cropInside: true,
    rotation: 5,
    gain: 0.4,
    gamma: 0.5,
    speckleGrain: [1, 0.5],
    blur: 0.5,
    blurMix: [0.2, 1],
    erase: 0.5,
  },
  // Chen et al. 2020, arXiv 2002.05709, appendix A, without what one channel cannot show (saturation, hue)
  "simclr-grey": {
    cropScale: [0.08, 1],
    cropAspect: [3 / 4, 4 / 3],
    jitter: 0.8,
    gain: 0.8,
    gamma: 0.8,
    depthGain: 0,
    speckle: 0,
    blur: 0.5,
    blurWidth: 5,
    blurMix: [0.01, 1],
  },
  // Grill et al. 2020, arXiv 2006.07733, table 6, without solarisation, which would turn cysts into solid lesions
  "byol-grey": {
    cropScale: [0.08, 1],
    cropAspect: [3 / 4, 4 / 3],
    jitter: 0.8,
    gain: 0.4,
    gamma: 0.4,
    depthGain: 0,
    speckle: 0,
    blurWidth: 5,
    blurMix: [0.01, 1],
    perView: [{ blur: 1 }, { blur: 0.1 }],
  },
};

/** Settings that are given win over those of the preset. */
export const augmentSchema = z.preprocess((given: Settings): Settings => {
  const preset = given?.preset;
  return preset !== undefined && Object.hasOwn(augmentPresets, preset) ? { ...augmentPresets[preset], ...given } : given;
}, settings);
export type AugmentConfig = z.infer<typeof augmentSchema>;
/** The settings of one view. */
export type ViewConfig = Omit<AugmentConfig, "preset" | "perView" | "local" | "speckleGrain" | "blurWidth">;
