/** @file What an exported classifier says of itself: the metadata of `model.onnx`. */
import { z } from "zod";
import { encoderSchema } from "./encoder.ts";

/** Said wherever a model may be met without this repository around it. */
export const NOTICE = "Research software, not a medical device.";

/** How a picture becomes the model's input. The words are the schema: a file that says otherwise was not made by this code. */
export const preprocessingSchema = z.strictObject({
  decoding: z.literal(
    "8 bits a sample (of 16: level / 257, within one level), EXIF orientation applied, transparency on black; DICOM: stored levels to 0–255, of more than 8 bits through the first display window",
  ),
  grey: z.literal("sRGB to linear light, 0.2126 R + 0.7152 G + 0.0722 B, back through the sRGB curve; grey files as they are"),
  crop: z.literal("none to the field of view; a DICOM file to its 2-D region (SequenceOfUltrasoundRegions), where it names one"),
  letterbox: z.strictObject({
    scale: z.literal("size / max(width, height) for both sides; sides rounded half up, at least 1 pixel"),
    resampling: z.literal("Lanczos 3 with anti-aliasing (libvips resize)"),
    position: z.literal("centre; an odd pixel is left over at the right or at the bottom"),
    padding: z.literal(0).describe("grey level around the picture"),
  }),
  values: z.literal("grey level / 255: float32 from 0 to 1, no mean taken off, no deviation divided by"),
  layout: z.literal("NCHW: [n, 1, size, size], rows from the top"),
});
export type Preprocessing = z.infer<typeof preprocessingSchema>;

export const onnxMetadataSchema = z.strictObject({
  format: z.literal(1),
  classes: z.array(z.string()).min(2).describe("in the order of the outputs' columns"),
  positiveClass: z.string().describe("the class that score and thresholds are about"),
  imageSize: z.int().positive().describe("side of the input, pixels"),
  encoder: encoderSchema,
  preprocessing: preprocessingSchema,
  temperature: z.number().positive().describe("probabilities are softmax(logits / temperature); 1 where nothing was calibrated"),
  thresholds: z
    .array(z.strictObject({ rule: z.string(), value: z.number(), meaning: z.string() }))
    .describe(
      "on the probability of the positive class: at or above it is called positive; the first is the default; [] where none was chosen",
    ),
  task: z.string().nullable().describe("what fitted the model: finetune/pretrained/fold-0"),
  taskKey: z.string().nullable().describe("hash of everything that decided the weights"),
  runId: z.string().nullable().describe("run of the tracking store that holds the weights"),
  notice: z.literal(NOTICE),
});
export type OnnxMetadata = z.infer<typeof onnxMetadataSchema>;
