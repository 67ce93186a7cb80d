/** @file Answers questions about single images: probability, map and hot spots, by models that are loaded when first asked for. */
import { batchOf } from "../src/augment/batch.ts";
import { analysisSchema } from "../src/config/analysis.ts";
import { binaryClasses } from "../src/config/data.ts";
import type { AttributionConfig } from "../src/config/explain.ts";
import { inferenceRequestSchema, type InferenceAnswer, type InferenceRequest } from "../src/config/inference.ts";
import type { ClassifierModel } from "../src/config/model.ts";
import { tf } from "../src/engine/tf.ts";
import type { Attribution } from "../src/explain/classifier.ts";
import { attribute } from "../src/explain/registry.ts";
import { statisticalGrid } from "../src/explain/to-cells.ts";
import type { TrainedClassifier } from "../src/explain/trained-classifier.ts";
import { decodeGrey } from "../src/image/decode.ts";
import { frameFieldsOf } from "../src/image/frame-fields.ts";
import { letterbox } from "../src/image/letterbox.ts";
import { zonesOf } from "../src/image/zones.ts";
import { calibratedShares } from "../src/metrics/class-shares.ts";
import { mean } from "../src/metrics/moments.ts";
import { rngOf } from "../src/util/rng.ts";
import { messageOf, UserError } from "../src/util/user-error.ts";
import { imageSpatial, placeOf } from "./spatial-summary.ts";
import { cellZones } from "./zone-shares.ts";

export type LoadedModel = TrainedClassifier & { config: ClassifierModel };

export interface InferenceServiceOptions {
  load(store: string, runId: string): Promise<LoadedModel>;
  /** models that stay in memory between questions; the ones unused for longest go first */
  capacity?: number;
}

export interface InferenceService {
  /** Never rejects: what goes wrong is an answer too. */
  answer(message: unknown): Promise<InferenceAnswer>;
  dispose(): void;
}

/** Zones and hot spots of images that belong to no study follow the defaults. */
const ANALYSIS = analysisSchema.parse({});

export function inferenceService({ load, capacity = 8 }: InferenceServiceOptions): InferenceService {
  const models = new Map<string, LoadedModel>(); // in order of last use
  const model = async (store: string, runId: string): Promise<LoadedModel> => {
    const key = `${store} ${runId}`;
    const found = models.get(key) ?? (await load(store, runId));
    models.delete(key);
    models.set(key, found);
    return found;
  };
  const shrink = (to: number): void => {
    for (const [key, { dispose }] of models) {
      if (models.size <= to) return;
      models.delete(key);
      dispose();
    }
  };
  return {
    async answer(message) {
      const request = inferenceRequestSchema.safeParse(message);
      if (!request.success)
        return {
          id: idOf(message),
          ok: false,
          status: 400,
          message: `not an inference request: ${request.error.issues.map(({ path, message: said }) => `${path.join(".")}: ${said}`).join("; ")}`,
        };
      try {
        const { store, modelRuns } = request.data;
        const used: LoadedModel[] = [];
        for (const { runId } of modelRuns) used.push(await model(store, runId));
        return await answerWith(request.data, used);
      } catch (error) {
        if (!(error instanceof UserError)) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        return { id: request.data.id, ok: false, status: error instanceof UserError ? error.status : 500, message: messageOf(error) };
      } finally {
        shrink(capacity); // after the answer: a question may need more models than stay
      }
    },
    dispose: () => shrink(0),
  };
}

const idOf = (message: unknown): string =>
  typeof message === "object" && message !== null && "id" in message && typeof message.id === "string" ? message.id : "";

async function answerWith(request: InferenceRequest, models: readonly LoadedModel[]): Promise<InferenceAnswer> {
  const { imageSize: size, classes, encoder } = models[0].config;
  const other = models.findIndex(
    ({ config }) =>
      config.imageSize !== size || config.classes.join() !== classes.join() || config.encoder.outputStride !== encoder.outputStride,
  );
  if (other > 0)
    throw new UserError(
      `models ${request.modelRuns[0].runId} and ${request.modelRuns[other].runId} differ in image size, stride or classes: ask models of one study`,
    );
  const frame = new Uint8Array(size * size);
  const image = await decodeGrey(Buffer.from(request.image, "base64"), "the image");
  await letterbox(image, size, frame);
  const { field, artefacts } = frameFieldsOf(image, size);
  const lesion = request.lesion === undefined ? undefined : lesionOf(request.lesion, size);

  const { probabilities, map } = explained(models, frame, size, request.method);
  const grid = statisticalGrid(map, request.method, encoder.outputStride);
  const zones = zonesOf(lesion ?? new Uint8Array(size * size), field, size, ANALYSIS, artefacts);
  const { spots } = imageSpatial(
    {
      values: grid.values,
      grid: { ...grid, size },
      used: cellZones(zones, { ...grid, size }).used,
      zones: lesion ? zones : null,
      lesion: lesion && placeOf(lesion, size),
    },
    { ...ANALYSIS, rng: rngOf(0, "inference") },
  );
  return {
    id: request.id,
    ok: true,
    classes: binaryClasses(classes),
    probability: mean(probabilities),
    probabilities,
    size,
    frame: Buffer.from(frame).toString("base64"),
    map: { rows: grid.rows, columns: grid.columns, values: [...grid.values] },
    hotSpots: spots,
  };
}

function lesionOf(base64: string, size: number): Uint8Array {
  const lesion = Uint8Array.from(Buffer.from(base64, "base64"), (value) => (value > 0 ? 1 : 0));
  if (lesion.length !== size * size)
    throw new UserError(
      `the lesion mask has ${lesion.length} bytes and the models' frame ${size} × ${size} = ${size * size}: send the mask of that frame`,
    );
  return lesion;
}

/** Probability by model, and the mean of the models' maps. */
function explained(
  models: readonly LoadedModel[],
  frame: Uint8Array,
  size: number,
  method: AttributionConfig,
): { probabilities: number[]; map: Attribution } {
  const x = batchOf({ pixels: frame, size }, [0]);
  try {
    const probabilities = models.map(({ logits, config }) => {
      const found = tf.tidy(() => logits(x).dataSync<"float32">());
      return calibratedShares(found, config.calibration?.temperature ?? 1)[config.classes.length - 1];
    });
    const maps = models.map(({ classifier }) => attribute(classifier, x, method));
    const values = maps[0].values.map((_, i) => mean(maps.map((map) => map.values[i])));
    return { probabilities, map: { ...maps[0], values } };
  } finally {
    x.dispose();
  }
}
