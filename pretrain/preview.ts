/**
 * @file Draws what pretraining of the first fold would see in its first epoch, as a PNG:
 * `node --import tsx pretrain/preview.ts --task <study and digest of its data as JSON> --out <file.png> [--images n]`.
 */
import { parseArgs } from "node:util";
import { previewViews } from "../src/augment/contact-sheet.ts";
import { taskSchema, type Task } from "../src/config/task.ts";
import { startEngine } from "../src/engine/start.ts";
import { encoderOf } from "../src/models/registry.ts";
import { trainingSeed } from "../src/run/training-seed.ts";
import { writeAtomic } from "../src/util/files.ts";
import { range } from "../src/util/rng.ts";
import { messageOf, UserError } from "../src/util/user-error.ts";
import { openFoldImages } from "./fold-images.ts";
import { methodFor } from "./train-method.ts";

/** As its training calls itself, which decides every draw. */
const [FOLD, NAME] = [0, "pretrain/fold-0"];

/** The PNG of `count` images, spread over those that the fold trains on. @throws UserError where it could not train on them */
async function sheetOf(task: Pick<Task, "study" | "data">, count: number): Promise<Buffer> {
  const { threads, encoder, pretrain } = task.study;
  const seed = trainingSeed({ ...task, seed: 0 });
  await startEngine({ threads });
  const { data, trained, sourceOf } = await openFoldImages({ ...task, seed: 0 }, FOLD);
  const { frames, images } = data;
  try {
    const method = methodFor(pretrain, encoderOf(encoder), { task: NAME, images: trained.length, size: frames.size });
    const shown = Math.min(count, trained.length);
    return await previewViews(pretrain.augment, frames, {
      ...{ seed, stream: NAME, epoch: 0, views: method.viewsPerImage, sourceOf },
      images: range(shown).map((i) => trained[Math.floor(((i + 0.5) * trained.length) / shown)]),
      nameOf: (image) => images[image].id,
    });
  } finally {
    await frames.close();
  }
}

const { values } = parseArgs({
  options: { task: { type: "string", default: "{}" }, out: { type: "string", default: "" }, images: { type: "string", default: "8" } },
});
try {
  const sheet = await sheetOf(taskSchema.pick({ study: true, data: true }).parse(JSON.parse(values.task)), Number(values.images));
  await writeAtomic(values.out, sheet).catch((error: unknown) => {
    throw new UserError(`${values.out}: the picture cannot be written (${messageOf(error)}); name another place`, { cause: error });
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`sonomark: ${error.message}\n`);
  process.exitCode = 1;
}
