/** @file The protocols on frozen features: the network that `linear` makes says what its regression says, of two classes and of three. */
import * as assert from "uvu/assert";
import { encoderSchema } from "../../src/config/encoder.ts";
import { studySchema } from "../../src/config/study.ts";
import { startEngine } from "../../src/engine/start.ts";
import { trainedClassifier } from "../../src/explain/trained-classifier.ts";
import { oneVsRestAuroc } from "../../src/metrics/multiclass-auroc.ts";
import { classifierNetwork } from "../../src/models/classifier-network.ts";
import { initialise } from "../../src/models/network.ts";
import type { StageContext } from "../../src/run/stage.ts";
import { assertClose } from "../../src/testing/close.ts";
import { describe } from "../../src/testing/describe.ts";
import { texturePhantoms } from "../../src/testing/texture-phantoms.ts";
import { range, rngOf } from "../../src/util/rng.ts";
import type { Fold } from "../fold.ts";
import { logitsOf } from "../train-classifier.ts";
import { knn } from "./knn.ts";
import { linear } from "./linear.ts";

await startEngine({ threads: 1 });
const n = 96;
const frames = texturePhantoms({ seed: 1, n });

/** A fold of texture phantoms, each a group; the encoder has random weights, which tell textures apart well enough. */
function foldOf(classes: string[]): Fold {
  const study = studySchema.parse({ name: "study", data: { source: "folder:x", classes, imageSize: 32 } });
  const network = classifierNetwork(encoderSchema.parse({ width: 4 }), classes.length);
  const random = (...names: (string | number)[]) => rngOf(1, ...names);
  const labels = Int32Array.from(frames.labels, (label) => Math.min(label, classes.length - 1));
  return {
    ...{ task: { name: "linear/pretrained/fold-0", study }, network, classes: classes.length, random },
    data: { frames, labels, groups: Int32Array.from(range(n)) },
    images: range(64),
    held: range(n).slice(64),
    start: initialise(network.encoder.specs, (name) => random("initial", name)),
  } as unknown as Fold;
}

for (const classes of [
  ["benign", "malignant"],
  ["normal", "benign", "malignant"],
])
  describe(`frozen protocols of ${classes.length} classes`, (test) => {
    const fold = foldOf(classes);
    const labels = fold.held.map((image) => fold.data.labels[image]);
    const context = {} as StageContext;

    test("linear makes a network whose logits are the regression's", async () => {
      const { logits, weights, chosen } = await linear(context, fold);
      const trained = trainedClassifier(fold.network, weights!, 32);
      const said = logitsOf(trained, frames, fold.held);
      trained.dispose();
      assertClose(
        said.flatMap((row) => [...row]),
        logits.flatMap((row) => Array.from(row)),
        { atol: 1e-3, rtol: 1e-3 }, // float32 sums of features and weights
      );
      assert.equal(Object.keys(chosen!), ["penalty"]);
    });

    test("both rank images that they did not see, and are calibrated by all that they did", async () => {
      for (const protocol of [linear, knn]) {
        const { logits, calibration } = await protocol(context, fold);
        assert.equal([logits.length, logits[0].length], [32, classes.length]);
        assert.ok(oneVsRestAuroc(labels, logits).macro > 0.7);
        assert.equal([calibration!.images, calibration!.groups, calibration!.epochs], [64, 64, null]);
        assert.ok(calibration!.temperature > 0 && calibration!.logLoss < Math.log(classes.length));
      }
    });
  });
